using System.Buffers;
using EmailTracking.Storage;

namespace EmailTracking.Silo.Storage.Sqlite.Writing;

/// <summary>What could not be decided: one row for each place, the last failure. It is not tried again by itself.</summary>
internal static class DeadLetters
{
    /// <summary>The step in which the store refused the data.</summary>
    public const string CommitStep = "commit";

    private const int ProblemLengthMax = 2_000;

    private const string Insert = """
        insert into dead_letter (org, mailbox, folder, item, step, reason, problem, content_hash, failed_on,
            received_on, is_backfill)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        on conflict (org, mailbox, folder, item) do update set
            step = excluded.step, reason = excluded.reason, problem = excluded.problem,
            content_hash = excluded.content_hash, failed_on = excluded.failed_on,
            received_on = excluded.received_on, is_backfill = excluded.is_backfill
        """;

    private const string Forget = """
        delete from outbox
        where mailbox_id = (select m.id from mailbox m where m.org = $1 and m.address = $2) and folder = $3 and item = $4
        """;

    public static void Write(SqliteSession session, long org, DeadLetter letter)
    {
        var place = letter.Place;
        session.Execute(Forget, org, place.Mailbox, place.Folder, place.Item);
        session.Execute(
            Insert,
            org, place.Mailbox, place.Folder, place.Item, letter.Step, letter.Reason, Cut(letter.Problem), Hash(letter.ContentHash),
            letter.FailedOn, letter.ReceivedOn, letter.IsBackfill);
    }

    private static string Cut(string text) => text.Length <= ProblemLengthMax ? text : text[..ProblemLengthMax];

    // The hash may be the very thing that was refused.
    private static byte[]? Hash(string? hash)
    {
        var bytes = new byte[32];
        return hash is { Length: 64 } && Convert.FromHexString(hash, bytes, out _, out _) == OperationStatus.Done ? bytes : null;
    }
}
