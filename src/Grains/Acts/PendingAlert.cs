using EmailTracking.Mailboxes.Sync;

namespace EmailTracking.Acts;

/// <summary>What people are told when a track has been pending too long.</summary>
internal static class PendingAlert
{
    private const int TextMax = 1_500;

    /// <summary>What an alert about it is called.</summary>
    public static string SubjectOf(PendingTrack track) => $"track of <{track.MessageId}> in mailbox {track.Mailbox}";

    /// <summary>The alert.</summary>
    /// <param name="track">What is pending.</param>
    /// <param name="pendingMax">How long it may be.</param>
    /// <param name="now">The time; UTC.</param>
    public static Alert Of(PendingTrack track, TimeSpan pendingMax, DateTimeOffset now) => new(
        SubjectOf(track),
        AlertLevel.Error,
        Bounded(FormattableString.Invariant(
            $"{track.By} tracked a mail on {track.On:u} that is not here after {pendingMax.TotalMinutes:0.#} minutes. {track.Problem}")),
        Bounded($"{track.NextStep} Or take it back: emailtracking undo {track.Act}"),
        now,
        null);

    private static string Bounded(string text) => text.Length <= TextMax ? text : text[..TextMax];
}
