using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>What is said of the copies of an erased email: that it was, whatever their mailboxes want.</summary>
public static class ErasedCopies
{
    private const string DigestPrefix = "sha256:";

    /// <summary>Folders whose names say nothing of anybody.</summary>
    public static ImmutableArray<string> PlainFolders { get; } = ["Inbox", "INBOX", "Sent Items", "Sent"];

    /// <summary>What is kept of a folder's name, which may be a person's: enough to tell the same copy again.</summary>
    /// <param name="folder">The name, or what this gave for it before.</param>
    public static string FolderOf(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return PlainFolders.Contains(folder) || folder.StartsWith(DigestPrefix, StringComparison.Ordinal)
            ? folder
            : DigestPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)));
    }

    /// <summary>The trace of every copy, and of the email.</summary>
    /// <param name="by">Who erased it.</param>
    /// <param name="on">When; UTC.</param>
    public static ImmutableArray<TraceEntry> TraceOf(string by, DateTimeOffset on) =>
        ThreadTrace.OfErased(new LeftOut(ReasonCode.Erased, by, on));

    /// <summary>The decisions to be stored: of copies that are new, and of those that were being decided while it was erased.</summary>
    internal static IEnumerable<SightingDecision> Of(Candidate candidate, Act act, TrackingSnapshot snapshot) => candidate.Sightings
        .Select(judged => judged.Sighting)
        .Select(sighting => (Sighting: sighting, Standing: StandingOf(sighting.Place, snapshot)))
        .Select(one => (Sighting: one.Sighting with { Place = one.Standing?.Place ?? Erased(one.Sighting.Place) }, one.Standing))
        .DistinctBy(one => one.Sighting.Place)
        .Where(one => one.Standing is null || one.Standing.Reason != ReasonCode.Erased || one.Standing.Email != candidate.Key || one.Sighting.IsRetry)
        .Select(one => new SightingDecision(
            one.Sighting, candidate.Key, Outcome.Skipped, ReasonCode.Erased, TraceOf(act.By, act.On), [], one.Standing is not null));

    // A copy that was put off meanwhile stands under the name of its folder: whoever decides it is done with that.
    private static StandingDecision? StandingOf(SightingPlace place, TrackingSnapshot snapshot) =>
        snapshot.Decisions.FirstOrDefault(decision => decision.Place == place) ??
        snapshot.Decisions.FirstOrDefault(decision => decision.Place == Erased(place));

    private static SightingPlace Erased(SightingPlace place) => place with { Folder = FolderOf(place.Folder) };
}
