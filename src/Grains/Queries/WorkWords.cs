using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Queries;

/// <summary>Whose email it is and in which queues, in words.</summary>
internal static class WorkWords
{
    /// <summary>The sentences; none for an email that nobody owns and that is in no queue.</summary>
    /// <param name="owner">Whose email it is.</param>
    /// <param name="queues">The queues that it is in.</param>
    /// <param name="readRecords">Reads records.</param>
    public static async Task<ImmutableArray<string>> ReadAsync(
        EmailOwner owner,
        ImmutableArray<Guid> queues,
        Func<ImmutableArray<RecordReference>, Task<ImmutableArray<CrmRecord>>> readRecords)
    {
        // An owner is a user or a team: the id says which only together with what is loaded.
        RecordReference[] owners = owner.OwnerId is { } id ? [new(Tables.SystemUser, id), new(Tables.Team, id)] : [];
        RecordReference[] held = [.. queues.Select(queue => new RecordReference(Tables.Queue, queue))];
        if (owners.Length + held.Length == 0)
        {
            return [];
        }

        var names = (await readRecords([.. owners, .. held])).ToDictionary(record => record.Facts.Reference, record => record.Name);
        var sentences = ImmutableArray.CreateBuilder<string>();
        if (owner.OwnerId is { } known)
        {
            var name = owners.Select(one => names.GetValueOrDefault(one)).FirstOrDefault(one => one is not null) ?? known.ToString();
            sentences.Add($"Its owner is {name}: {Why(owner.Rule)}.");
        }

        if (held.Length > 0)
        {
            sentences.Add($"It is in {string.Join(" and ", held.Select(queue => $"queue {names.GetValueOrDefault(queue, queue.Id.ToString())}"))}.");
        }

        return sentences.DrainToImmutable();
    }

    private static string Why(OwnerRule rule) => rule switch
    {
        OwnerRule.Correlated => "who owns the mail that it answers, and is a recipient",
        OwnerRule.SendersOwner => "who owns the sender's record, and is a recipient",
        OwnerRule.FirstRecipient => "the first recipient who may own mail",
        OwnerRule.AcceptingQueue => "the owner of the queue that accepted it",
        OwnerRule.AcceptingUser => "the user whose mailbox accepted it",
        _ => "the user who sent it",
    };
}
