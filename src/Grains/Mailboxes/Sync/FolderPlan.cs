using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>A folder to be read, as the server shows it and as we know it.</summary>
/// <param name="Server">As the server shows it.</param>
/// <param name="Known">As we know it, with its name of now.</param>
/// <param name="Kind">What its mail is.</param>
/// <param name="Rule">Its rule; null when it has none.</param>
public sealed record PlannedFolder(ServerFolder Server, FollowedFolder Known, FolderKind Kind, TrackingFolder? Rule)
{
    /// <summary>What it is called in the sightings of the messages that are dealt with: its name of now, unless it had another one then.</summary>
    public string PlaceName { get; init; } = Known.Name;

    /// <summary>The folder, for messages that were first seen under a name that it had then.</summary>
    public PlannedFolder As(string placeName) => this with { PlaceName = placeName };

    /// <summary>Tells a sighting what its folder is called now.</summary>
    public Sighting Name(Sighting sighting)
    {
        ArgumentNullException.ThrowIfNull(sighting);
        return sighting.Place.Folder == Known.Name ? sighting : sighting with { FolderNow = Known.Name };
    }
}

/// <summary>Which folders of a mailbox are read, and what became of those that were.</summary>
/// <param name="Read">The folders to read, the Inbox first.</param>
/// <param name="Changed">Folders whose row differs now: new, renamed, gone, or there again.</param>
/// <param name="Rules">The rules of the mailbox, by the names of now.</param>
public sealed record FolderPlan(
    ImmutableArray<PlannedFolder> Read, ImmutableArray<FollowedFolder> Changed, ImmutableArray<TrackingFolder> Rules)
{
    /// <summary>Finds what became of the folders of a mailbox.</summary>
    /// <param name="shown">What the server shows.</param>
    /// <param name="known">What we know; folders that are gone too.</param>
    /// <param name="rules">The mailbox's rules.</param>
    /// <param name="readsSent">Whether sent mail is read.</param>
    /// <param name="now">The time; UTC.</param>
    /// <remarks>
    /// A folder is the same when its id is (RFC 8474); without ids, when its numbering is (RFC 3501 UIDVALIDITY) and either its name is
    /// or exactly one vanished folder had that numbering. A rule goes along with its folder; moved out of the Inbox or deleted, it is
    /// disabled. A server that tells neither before a folder is opened has them told by their paths; when the folder's name belongs to
    /// another folder now, it is paused until somebody says which is meant.
    /// </remarks>
    public static FolderPlan Of(
        IReadOnlyList<ServerFolder> shown,
        ImmutableArray<FollowedFolder> known,
        ImmutableArray<TrackingFolder> rules,
        bool readsSent,
        DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(shown);
        var matched = Match(shown, known);
        var next = known.Select(folder => folder.Number).DefaultIfEmpty(0).Max() + 1;
        var changed = ImmutableArray.CreateBuilder<FollowedFolder>();
        var renamed = new Dictionary<string, TrackingFolder>(StringComparer.Ordinal);
        var planned = ImmutableArray.CreateBuilder<PlannedFolder>();
        foreach (var (server, before) in matched)
        {
            // A folder that nothing is read of is known only once a rule had it.
            var rule = rules.FirstOrDefault(one => before is null ? IsFor(one, server, known) : IsOf(one, before, known));
            if (rule is null && before is null && !IsRead(server, null, readsSent))
            {
                continue;
            }

            var folder = new FollowedFolder(
                before?.Number ?? next++,
                server.Id,
                server.Path,
                server.Name,
                server.Role,
                server.Validity != 0 ? server.Validity : before?.Validity ?? 0,
                MarkOf(before))
            {
                Begin = before?.Begin ?? 0,
                ClosedOn = before?.ClosedOn,
                LabelsRefusedOn = before?.LabelsRefusedOn,
            };
            if (folder != before)
            {
                changed.Add(folder);
            }

            if (rule is not null)
            {
                rule = rule with { Name = server.Name, State = StateOf(rule, server) };
                renamed[before?.Name ?? server.Name] = rule;
            }

            if (IsRead(server, rule, readsSent))
            {
                planned.Add(new PlannedFolder(server, folder, server.Kind, rule));
            }
        }

        foreach (var gone in known.Where(folder => folder.GoneOn is null && !matched.Exists(pair => pair.Known?.Number == folder.Number)))
        {
            changed.Add(gone with { GoneOn = now });
            if (rules.FirstOrDefault(one => one.Name == gone.Name) is { } rule)
            {
                var isTaken = shown.Any(folder => folder.Name == gone.Name);
                renamed[gone.Name] = rule with { State = isTaken ? FolderRuleState.Paused : FolderRuleState.Disabled };
            }
        }

        foreach (var rule in rules.Where(rule => !renamed.ContainsKey(rule.Name) && !known.Any(folder => folder.Name == rule.Name)))
        {
            // A rule for a folder that was never there waits for it.
            renamed[rule.Name] = rule with { State = rule.State == FolderRuleState.Paused ? FolderRuleState.Paused : FolderRuleState.Disabled };
        }

        foreach (var rule in rules.Where(rule => rule.State == FolderRuleState.Disabled && !renamed.ContainsKey(rule.Name) &&
            shown.Any(folder => folder.Name == rule.Name)))
        {
            // Its folder is gone, and another one has the name since.
            renamed[rule.Name] = rule with { State = FolderRuleState.Paused };
        }

        return new FolderPlan(
            [.. planned.OrderBy(folder => folder.Kind).ThenBy(folder => folder.Known.Number)],
            changed.DrainToImmutable(),
            [.. rules.Select(rule => renamed.GetValueOrDefault(rule.Name, rule))]);
    }

    /// <summary>Which folder of the server is the one that we know by a number; null when none is any more.</summary>
    public static ServerFolder? Find(IReadOnlyList<ServerFolder> shown, ImmutableArray<FollowedFolder> known, int number)
    {
        ArgumentNullException.ThrowIfNull(shown);
        return Match(shown, known).Find(pair => pair.Known?.Number == number).Server;
    }

    private static List<(ServerFolder Server, FollowedFolder? Known)> Match(
        IReadOnlyList<ServerFolder> shown, ImmutableArray<FollowedFolder> known)
    {
        var left = known.ToList();
        var matched = new List<(ServerFolder Server, FollowedFolder? Known)>();

        // The surest sign first, for all folders, so that a doubtful one takes nobody's place.
        Func<ServerFolder, FollowedFolder, bool>[] signs =
        [
            (server, folder) => server.Id is { } id && id == folder.ServerId,
            (server, folder) => server.Role == FolderRole.Inbox && folder.Role == FolderRole.Inbox,
            (server, folder) => IsSameByNumbering(server, folder) && server.Name == folder.Name,
            (server, folder) => server is { Id: null, Validity: 0 } && server.Path == folder.Path && folder.GoneOn is null,
            (server, folder) => IsSameByNumbering(server, folder) && !shown.Any(one => one.Name == folder.Name) &&
                shown.Count(one => one.Validity == folder.Validity) == 1,
        ];
        var open = shown.ToList();
        foreach (var sign in signs)
        {
            foreach (var server in open.ToArray())
            {
                if (left.Find(folder => sign(server, folder)) is { } folder)
                {
                    matched.Add((server, folder));
                    left.Remove(folder);
                    open.Remove(server);
                }
            }
        }

        matched.AddRange(open.Select(server => (server, (FollowedFolder?)null)));
        return matched;
    }

    // A rule that has lost its folder takes another one of that name only when somebody said so.
    private static bool IsFor(TrackingFolder rule, ServerFolder server, ImmutableArray<FollowedFolder> known) =>
        rule.Name == server.Name &&
        known.All(folder => folder.Name != rule.Name || (folder.GoneOn is not null && rule.State == FolderRuleState.Active));

    private static bool IsOf(TrackingFolder rule, FollowedFolder folder, ImmutableArray<FollowedFolder> known) =>
        rule.Name == folder.Name && (folder.GoneOn is null || !known.Any(one => one.GoneOn is null && one.Name == rule.Name));

    private static bool IsSameByNumbering(ServerFolder server, FollowedFolder folder) =>
        (server.Id is null || folder.ServerId is null) && server.Validity != 0 && server.Validity == folder.Validity;

    // What lay in a folder that was gone counts as gone: without a change mark all of it is looked at again.
    private static FolderMark? MarkOf(FollowedFolder? before) =>
        before is { GoneOn: not null, Mark: { } mark } ? mark with { Change = 0 } : before?.Mark;

    private static FolderRuleState StateOf(TrackingFolder rule, ServerFolder server) =>
        rule.State == FolderRuleState.Paused ? FolderRuleState.Paused
        : server.IsUnderInbox ? FolderRuleState.Active
        : FolderRuleState.Disabled;

    private static bool IsRead(ServerFolder server, TrackingFolder? rule, bool readsSent) =>
        server.Role == FolderRole.Inbox || (server.Role == FolderRole.Sent && readsSent) || rule is { State: FolderRuleState.Active };
}
