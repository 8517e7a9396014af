using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Listing;

/// <summary>Where an email is to stand, and by what it is found.</summary>
/// <param name="Facts">What that was told from.</param>
/// <param name="Position">Its position in every list.</param>
/// <param name="Lists">Its lists, in order; empty when it is not to be shown.</param>
/// <param name="Terms">Its words and terms, each once, in order.</param>
public sealed record ListedEmail(ListedFacts Facts, long Position, ImmutableArray<Guid> Lists, ImmutableArray<string> Terms)
{
    /// <summary>How many different words of an email are found.</summary>
    public const int WordsMax = 4_096;

    /// <summary>Lists an email.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="facts">What is stored of it.</param>
    /// <param name="text">The text of its raw mail; may be empty.</param>
    public static ListedEmail Of(string organization, ListedFacts facts, string text)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var position = ListPosition.Of(facts.SentOn, facts.ReceivedOn, facts.Row);
        position = facts.Position is { } now && ListPosition.IsSameSecond(now, position) ? now : position;
        if (!facts.IsShown)
        {
            return new ListedEmail(facts, position, [], []);
        }

        ImmutableArray<Guid> lists = [.. ListsOf(organization, facts).Distinct().Order()];
        var words = Words(facts, text).Distinct(StringComparer.Ordinal).Take(WordsMax);
        return new ListedEmail(facts, position, lists, [.. words.Concat(OwnTerms(facts, lists)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
    }

    private static IEnumerable<Guid> ListsOf(string organization, ListedFacts facts) =>
    [
        EmailLists.Everything(organization),
        .. facts.Mailboxes.Select(mailbox => EmailLists.OfMailbox(organization, mailbox)),
        .. facts.Queues.Select(queue => EmailLists.OfQueue(organization, queue)),
        .. Members(facts).Select(member => EmailLists.OfMember(organization, member)),
        .. Records(facts).Select(record => EmailLists.OfRecord(organization, record)),
    ];

    private static IEnumerable<Guid> Members(ListedFacts facts) => facts.Parties
        .Select(party => party.Record is { LogicalName: Tables.SystemUser or Tables.Team } member ? member.Id : (Guid?)null)
        .Append(facts.Owner)
        .Append(facts.RegardingOwner)
        .OfType<Guid>();

    private static IEnumerable<RecordReference> Records(ListedFacts facts) =>
        facts.Parties.SelectMany(party => new[] { party.Record, party.Customer }).OfType<RecordReference>().Concat(facts.Regarding);

    // Who and what about first: a long text leaves out its end.
    private static IEnumerable<string> Words(ListedFacts facts, string text) => facts.Parties
        .SelectMany(party => new[] { party.Name, party.Address?.Value ?? "" })
        .Prepend(facts.Subject)
        .Append(text)
        .SelectMany(SearchWords.Of);

    private static IEnumerable<string> OwnTerms(ListedFacts facts, ImmutableArray<Guid> lists) =>
    [
        .. lists.Select(ListTerms.InList),
        ListTerms.Of(facts.Method),
        ListTerms.Outgoing(facts.IsOutgoing),
        ListTerms.Regarding(!facts.Regarding.IsEmpty),
        .. facts.IsHeld ? (string[])[ListTerms.Held] : [],
        .. facts.Parties.Select(party => party.Address).OfType<Tracking.Mail.EmailAddress>().Select(ListTerms.Of),
    ];
}
