using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>Decides what people do by hand: the same rules over the same facts, with one fact more.</summary>
public static class ByHand
{
    /// <summary>Decides an act.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="request">What a person wants. Its emails were seen.</param>
    /// <param name="snapshot">What the store knows of them: their emails, conversations and acts.</param>
    public static ActDecision Decide(string organization, ActRequest request, TrackingSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(snapshot);
        if (Refusals.Of(request, snapshot) is { } problem)
        {
            return new ActDecision.Refused(problem);
        }

        var touched = TouchedBy(request, snapshot);
        if (new Threading(organization, [], snapshot).Solve(touched, out var missing) is null)
        {
            return new ActDecision.NeedsMembers(missing!);
        }

        var act = ActOf(request, snapshot);
        if (Refusals.Of(act) is { } senseless)
        {
            return new ActDecision.Refused(senseless);
        }

        snapshot = snapshot with { Acts = snapshot.Acts.Add(act) };
        var threading = new Threading(organization, [], snapshot);
        return threading.Solve(touched, out missing) is { } places
            ? new ActDecision.Decided(Change(organization, request, act, threading, places, snapshot))
            : new ActDecision.NeedsMembers(missing!);
    }

    private static TrackingChange Change(
        string organization, ActRequest request, Act act, Threading threading, IReadOnlyList<Placed> places, TrackingSnapshot snapshot)
    {
        ImmutableArray<EmailChange> emails = [.. places.Select(ThreadChanges.Moved).OfType<EmailChange>()];
        ImmutableArray<MessageKey> unknown = [.. act.Emails.Where(email => !snapshot.Emails.ContainsKey(email)).Order()];
        return new TrackingChange
        {
            Organization = organization,
            SettingsVersion = snapshot.Settings.Version,
            Conversations = ThreadChanges.Conversations(threading, emails, snapshot),
            Emails = emails,
            ContestedKeys = KeyChanges.Contested(places, snapshot),
            Acts = [act],
            Touched = request.Undone is { Kind: ActKind.Resolve, Address: { } undone } ? [undone] : act.Address is { } address ? [address] : [],
            Unknown = unknown,
            Erasure = request.Erasure,
            Events = snapshot.Settings.TracksCategories ? EmailEvent.Of(emails) : [],
            Again = [.. CopiesOf(act, unknown).Concat(ThreadChanges.Again(emails, _ => false)).Distinct().Order()],
        };
    }

    // Whoever tracks an email takes the copies that no mailbox wanted as well, as they would be had they come later; whoever takes that
    // back has them decided as before. Of an erased one nothing is left to be decided.
    private static IEnumerable<MessageKey> CopiesOf(Act act, ImmutableArray<MessageKey> unknown) => act.Kind switch
    {
        ActKind.Track => act.Emails,
        ActKind.Erase => [],
        ActKind.Undo => act.Emails.Where(act.TakesOut).Concat(unknown),
        _ => unknown,
    };

    private static Guid[] TouchedBy(ActRequest request, TrackingSnapshot snapshot) =>
    [
        .. (request.Undone?.Emails ?? request.Emails)
            .Where(snapshot.Emails.ContainsKey)
            .Select(email => snapshot.Emails[email].State.ConversationId)
            .Distinct()
            .Order(),
    ];

    private static Act ActOf(ActRequest request, TrackingSnapshot snapshot) => new()
    {
        Id = request.Id,
        Kind = request.Kind,
        By = request.By,
        On = request.Kind is ActKind.Merge or ActKind.Split or ActKind.Undo ? AfterAll(request.On, snapshot.Acts) : request.On,
        Sides = request.Kind switch
        {
            ActKind.Merge => [.. request.Emails.Select(email => MembersOf(email, snapshot))],
            ActKind.Split => Parted(request, snapshot),
            ActKind.Undo when TakesOut(request) => Sides(request.Undone!.Emails.ToLookup(request.Unwanted.Contains)),
            ActKind.Undo => request.Undone!.Sides,
            _ => [request.Emails],
        },
        Record = request.Record,
        ForThisMailOnly = request is { Kind: ActKind.Regarding, ForTheseOnly: true } || TakesOut(request),
        Undoes = request.Undone?.Id,
        Address = request.Address,
        Meant = request.Kind == ActKind.Resolve ? request.Record : null,
    };

    private static bool TakesOut(ActRequest request) => request is { Undone.Kind: ActKind.Track, Unwanted.IsEmpty: false };

    private static ImmutableArray<ImmutableArray<MessageKey>> Sides(ILookup<bool, MessageKey> isUnwanted) =>
        isUnwanted.Contains(false) ? [[.. isUnwanted[true]], [.. isUnwanted[false]]] : [[.. isUnwanted[true]]];

    // It is said of the conversations as they are now, so it comes after all that was said of them, whatever the clocks show.
    private static DateTimeOffset AfterAll(DateTimeOffset on, ImmutableArray<Act> acts) =>
        acts.Select(act => act.On.AddMicroseconds(1)).Append(on).Max();

    private static ImmutableArray<MessageKey> MembersOf(MessageKey email, TrackingSnapshot snapshot)
    {
        var conversation = snapshot.Emails[email].State.ConversationId;
        return
        [
            email,
            .. snapshot.Emails.Values
                .Where(other => other.State.ConversationId == conversation && other.Facts.Key != email)
                .OrderBy(other => other.Facts, ThreadFacts.BySent)
                .Select(other => other.Facts.Key),
        ];
    }

    private static ImmutableArray<ImmutableArray<MessageKey>> Parted(ActRequest request, TrackingSnapshot snapshot)
    {
        var members = MembersOf(request.Emails[0], snapshot);
        var leaving = request.Emails.ToHashSet();
        bool grown;
        do
        {
            grown = false;
            foreach (var email in request.ForTheseOnly ? [] : members)
            {
                grown |= snapshot.Emails[email].State.Correlation.Email is { } answered && leaving.Contains(answered) && leaving.Add(email);
            }
        }
        while (grown);

        return [[.. members.Where(leaving.Contains)], [.. members.Where(email => !leaving.Contains(email))]];
    }
}
