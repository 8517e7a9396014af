using System.Collections.Immutable;
using EmailTracking.Connectors;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>A folder of a mailbox as it was last seen, and how far it was read.</summary>
/// <param name="Number">Our number of it in its mailbox, from 1: it outlives new names.</param>
/// <param name="ServerId">As <see cref="ServerFolder.Id"/>.</param>
/// <param name="Path">As <see cref="ServerFolder.Path"/>.</param>
/// <param name="Name">As <see cref="ServerFolder.Name"/>.</param>
/// <param name="Role">What it is for.</param>
/// <param name="Validity">As <see cref="ServerFolder.Validity"/>.</param>
/// <param name="Mark">How far it was read; null when it was not.</param>
[GenerateSerializer, Immutable, Alias("FollowedFolder")]
public sealed record FollowedFolder(
    [property: Id(0)] int Number,
    [property: Id(1)] string? ServerId,
    [property: Id(2)] string Path,
    [property: Id(3)] string Name,
    [property: Id(4)] FolderRole Role,
    [property: Id(5)] uint Validity,
    [property: Id(6)] FolderMark? Mark)
{
    /// <summary>Since when the server does not show it; UTC; null when it does.</summary>
    [Id(7)]
    public DateTimeOffset? GoneOn { get; init; }

    /// <summary>
    /// The first number, in the mark's numbering, of messages that came after it was followed: those below lay there before. While it
    /// is first read from a server that does not say which number is next it is the largest there is; 0 when it was not read.
    /// </summary>
    [Id(8)]
    public uint Begin { get; init; }

    /// <summary>Since when the server lists it and cannot open it; UTC; null when it can.</summary>
    [Id(9)]
    public DateTimeOffset? ClosedOn { get; init; }

    /// <summary>Since when the server refuses labels in it; UTC; null when it does not.</summary>
    [Id(10)]
    public DateTimeOffset? LabelsRefusedOn { get; init; }
}

/// <summary>What we know of the tracked label of a message. The numbers are storage format.</summary>
public enum ItemLabel
{
    /// <summary>It never had one that we know of.</summary>
    Absent = 0,

    /// <summary>We are setting it: whatever is seen meanwhile is nobody's act.</summary>
    Setting = 1,

    /// <summary>It has it.</summary>
    Present = 2,

    /// <summary>We are removing it: whatever is seen meanwhile is nobody's act.</summary>
    Removing = 3,

    /// <summary>It was tried to be tracked too often: the label that says so is there instead.</summary>
    Undeliverable = 4,

    /// <summary>It had one, and has none: a copy that still has it tells nothing new.</summary>
    Removed = 5,

    /// <summary>Somebody set it, and its email could not be tracked yet: it is tried again.</summary>
    Tracking = 6,

    /// <summary>Somebody removed it, and its email could not be untracked yet: it is tried again.</summary>
    Untracking = 7,
}

/// <summary>A message of a mailbox that was dealt with.</summary>
/// <param name="Folder">The number of its folder.</param>
/// <param name="Id">The message in its folder.</param>
/// <param name="PlaceFolder">The folder's name in the message's sighting.</param>
/// <param name="Label">What we know of its label.</param>
/// <param name="SeenOn">When it was first seen; UTC.</param>
[GenerateSerializer, Immutable, Alias("KnownItem")]
public sealed record KnownItem(
    [property: Id(0)] int Folder,
    [property: Id(1)] ItemId Id,
    [property: Id(2)] string PlaceFolder,
    [property: Id(3)] ItemLabel Label,
    [property: Id(4)] DateTimeOffset SeenOn)
{
    /// <summary>Since when it is gone from its folder; UTC; null while it lies there. It is forgotten a while later.</summary>
    [Id(5)]
    public DateTimeOffset? GoneOn { get; init; }

    /// <summary>How many acts of people its label stood for so far: what tells them apart when one is repeated.</summary>
    [Id(6)]
    public int Acts { get; init; }

    /// <summary>How often the last of these acts failed, while it has not been done; 0 when it was.</summary>
    [Id(7)]
    public int Tries { get; init; }

    /// <summary>When that act is tried again; UTC; null when it was done, or is not tried any more.</summary>
    [Id(8)]
    public DateTimeOffset? TryOn { get; init; }

    /// <summary>Whether what somebody meant by the label is not tried any more: an alert says so.</summary>
    public bool HasGivenUp => Tries > 0 && TryOn is null;

    /// <summary>What the message is called in its sighting (<see cref="Tracking.Mail.SightingPlace.Item"/>): <c>folder.validity.number</c>.</summary>
    public string Name => NameOf(Folder, Id);

    /// <inheritdoc cref="Name"/>
    public static string NameOf(int folder, ItemId id) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{folder}.{id}");

    /// <summary>Reads what <see cref="NameOf"/> wrote.</summary>
    /// <returns>Null for the item of an import or a client: it lies in no mailbox that we read.</returns>
    public static (int Folder, ItemId Id)? Parse(string item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var point = item.IndexOf('.', StringComparison.Ordinal);
        return point > 0 &&
            int.TryParse(item.AsSpan(0, point), System.Globalization.CultureInfo.InvariantCulture, out var folder) &&
            ItemId.Parse(item[(point + 1)..]) is { } id
                ? (folder, id)
                : null;
    }
}

/// <summary>What became of a message: for the audit, and for labels.</summary>
/// <param name="Item">The message.</param>
/// <param name="Email">The key of its email; null when nothing was decided of it.</param>
/// <param name="Outcome">What was decided of the sighting; null when nothing was.</param>
/// <param name="Reason">Why; null when nothing was decided.</param>
/// <param name="IsTracked">Whether its email is tracked now and not left out.</param>
[GenerateSerializer, Immutable, Alias("ItemDecision")]
public sealed record ItemDecision(
    [property: Id(0)] KnownItem Item,
    [property: Id(1)] Tracking.Mail.MessageKey? Email,
    [property: Id(2)] Tracking.Deciding.Outcome? Outcome,
    [property: Id(3)] Tracking.Deciding.ReasonCode? Reason,
    [property: Id(4)] bool IsTracked);

/// <summary>How far reading one folder came: written as one, after the decisions on its messages are durable.</summary>
/// <param name="Folder">The folder as it is now; one with a new number is inserted. Null: it stays as it is, only messages are written.</param>
/// <param name="Items">Messages that are new or differ now.</param>
[GenerateSerializer, Immutable, Alias("FolderProgress")]
public sealed record FolderProgress([property: Id(0)] FollowedFolder? Folder, [property: Id(1)] ImmutableArray<KnownItem> Items);
