using System.Collections.Immutable;

namespace EmailTracking.Tracking.Mail;

/// <summary>What a folder is for: mail in it was received, or sent by the mailbox's owner.</summary>
public enum FolderKind
{
    /// <summary>Received mail.</summary>
    Inbox = 0,

    /// <summary>Mail sent by the mailbox's owner.</summary>
    SentItems = 1,

    /// <summary>Received mail that people or rules put elsewhere: filters look at the Inbox only.</summary>
    Filed = 2,
}

/// <summary>Where one copy of an email was seen.</summary>
/// <param name="Mailbox">The mailbox's address.</param>
/// <param name="Folder">The folder's name, at most 256 characters (Dataverse column <c>mailboxtrackingfolder.exchangefoldername</c>).</param>
/// <param name="Item">
/// What tells the item apart in its folder: the provider's id, or the SHA-256 of the raw mail in hexadecimal for imports and
/// ingestion clients.
/// </param>
[GenerateSerializer, Immutable, Alias("SightingPlace")]
public readonly record struct SightingPlace(
    [property: Id(0)] EmailAddress Mailbox, [property: Id(1)] string Folder, [property: Id(2)] string Item);

/// <summary>One copy of an email, seen in one folder of one mailbox.</summary>
/// <param name="Place">Where it was seen.</param>
/// <param name="FolderKind">Whether the folder holds received or sent mail.</param>
/// <param name="Facts">What the mail says.</param>
/// <param name="ContentHash">SHA-256 of the raw mail, 64 hexadecimal digits; <see cref="NoContent"/> when only its headers were read.</param>
/// <param name="Size">The raw mail's size in bytes.</param>
/// <param name="ReceivedOn">When the mailbox received it, as far as is known; UTC.</param>
/// <param name="IsRetry">
/// Whether the outbox asked for it: then the decision is stored even when it stands, and the item is done.
/// </param>
[GenerateSerializer, Immutable, Alias("Sighting")]
public sealed record Sighting(
    [property: Id(0)] SightingPlace Place,
    [property: Id(1)] FolderKind FolderKind,
    [property: Id(2)] EmailFacts Facts,
    [property: Id(3)] string ContentHash,
    [property: Id(4)] long Size,
    [property: Id(5)] DateTimeOffset ReceivedOn,
    [property: Id(6)] bool IsRetry = false)
{
    /// <summary>Stands for the hash of raw mail that is not kept here: it lies in its mailbox.</summary>
    public const string NoContent = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>Whether an import brought it, not the mail server: old mail makes no records.</summary>
    [Id(7)]
    public bool IsBackfill { get; init; }

    /// <summary>Whether it came from another folder: then it may have been received long before.</summary>
    [Id(8)]
    public bool IsMoved { get; init; }

    /// <summary>The tracked folders of this mailbox where the email lay once and does not any more, by their names in its places.</summary>
    [Id(9)]
    public ImmutableArray<string> Left { get; init; } = [];

    /// <summary>What the folder is called now; null when that is its name in <see cref="Place"/>, which stays when people rename it.</summary>
    [Id(10)]
    public string? FolderNow { get; init; }

    /// <summary>The name by which its folder has a rule.</summary>
    public string FolderName => FolderNow ?? Place.Folder;

    /// <summary>Whether the raw mail is kept, or only its headers were read.</summary>
    public bool HasContent => ContentHash != NoContent;
}
