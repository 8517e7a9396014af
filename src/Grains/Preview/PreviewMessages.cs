using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Preview;

/// <summary>Where the mail of a preview is imagined to lie: in the inbox of one mailbox.</summary>
/// <param name="Mailbox">The mailbox; null for the address that most of the first mails were sent to.</param>
/// <param name="IsQueue">Whether it is a queue's; one that exists keeps its kind.</param>
[GenerateSerializer, Immutable, Alias("PreviewRequest")]
public sealed record PreviewRequest([property: Id(0)] EmailAddress? Mailbox, [property: Id(1)] bool IsQueue);

/// <summary>How much a preview takes.</summary>
/// <param name="BytesMax">Bytes of a file, after decompression.</param>
/// <param name="MailsMax">Mails; those behind them are not looked at.</param>
[GenerateSerializer, Immutable, Alias("PreviewLimits")]
public sealed record PreviewLimits([property: Id(0)] long BytesMax, [property: Id(1)] int MailsMax);

/// <summary>One mail as it was found, or what was found in its place.</summary>
/// <param name="Source">Where it was found, in words.</param>
/// <param name="Content">Its raw bytes, or the first of them; empty when there is a problem.</param>
/// <param name="IsCut">Whether the mail is longer than what is handed over.</param>
/// <param name="Problem">Why there is no mail here; null when there is.</param>
[GenerateSerializer, Immutable, Alias("PreviewItem")]
public sealed record PreviewItem(
    [property: Id(0)] string Source,
    [property: Id(1)] ReadOnlyMemory<byte> Content,
    [property: Id(2)] bool IsCut,
    [property: Id(3)] string? Problem);

/// <summary>How far a preview has come.</summary>
/// <param name="Taken">How many items were handed over, mails and problems.</param>
/// <param name="Decided">How many mails every filter has decided.</param>
/// <param name="IsFull">Whether it takes no more mails.</param>
/// <param name="IsEnded">Whether everything is decided.</param>
[GenerateSerializer, Immutable, Alias("PreviewProgress")]
public sealed record PreviewProgress(
    [property: Id(0)] int Taken, [property: Id(1)] int Decided, [property: Id(2)] bool IsFull, [property: Id(3)] bool IsEnded);

/// <summary>What a preview came to.</summary>
/// <param name="Progress">How far it is.</param>
/// <param name="Mailbox">The mailbox that the mails are imagined in; null before the first is decided.</param>
/// <param name="IsQueue">Whether it is a queue's.</param>
/// <param name="Tallies">One for each filter, 0 to 4.</param>
/// <param name="Differing">On how many mails the filters that look at the mail, 1 to 3, do not agree.</param>
/// <param name="Known">How many are tracked already, by mail that was delivered before.</param>
/// <param name="Cut">Of how many only the beginning was looked at.</param>
/// <param name="ProblemCount">How many items were no mail.</param>
/// <param name="Problems">The first of these.</param>
[GenerateSerializer, Immutable, Alias("PreviewSummary")]
public sealed record PreviewSummary(
    [property: Id(0)] PreviewProgress Progress,
    [property: Id(1)] EmailAddress? Mailbox,
    [property: Id(2)] bool IsQueue,
    [property: Id(3)] ImmutableArray<PreviewTally> Tallies,
    [property: Id(4)] int Differing,
    [property: Id(5)] int Known,
    [property: Id(6)] int Cut,
    [property: Id(7)] int ProblemCount,
    [property: Id(8)] ImmutableArray<PreviewProblem> Problems);

/// <summary>What one filter makes of the mails.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="Counts">How many by outcome and reason: tracked first, then the most.</param>
/// <param name="Conversations">How many conversations the tracked ones are in.</param>
[GenerateSerializer, Immutable, Alias("PreviewTally")]
public sealed record PreviewTally(
    [property: Id(0)] FilterMethod Filter,
    [property: Id(1)] ImmutableArray<PreviewCount> Counts,
    [property: Id(2)] int Conversations)
{
    /// <summary>How many it tracks.</summary>
    public int Tracked => Counts.Where(count => count.Outcome == Outcome.Tracked).Sum(count => count.Mails);

    /// <summary>How many have one outcome for one reason.</summary>
    public int CountOf(Outcome outcome, ReasonCode reason) =>
        Counts.Where(count => count.Outcome == outcome && count.Reason == reason).Sum(count => count.Mails);
}

/// <summary>How many mails had one outcome for one reason.</summary>
[GenerateSerializer, Immutable, Alias("PreviewCount")]
public sealed record PreviewCount(
    [property: Id(0)] Outcome Outcome, [property: Id(1)] ReasonCode Reason, [property: Id(2)] int Mails);

/// <summary>Something that is no mail.</summary>
/// <param name="Source">Where it was found.</param>
/// <param name="Advice">What to do about it.</param>
[GenerateSerializer, Immutable, Alias("PreviewProblem")]
public sealed record PreviewProblem([property: Id(0)] string Source, [property: Id(1)] string Advice);

/// <summary>Which mails to read.</summary>
/// <param name="After">The number of the last mail of the page before; 0 for the first page.</param>
/// <param name="CountMax">How many at most; at most 1,000.</param>
/// <param name="OnlyDiffering">Only those on which the filters 1 to 3 do not agree.</param>
/// <param name="MessageId">Only the mail with this Message-ID, without brackets; null for all.</param>
[GenerateSerializer, Immutable, Alias("PreviewQuery")]
public sealed record PreviewQuery(
    [property: Id(0)] int After, [property: Id(1)] int CountMax, [property: Id(2)] bool OnlyDiffering, [property: Id(3)] string? MessageId)
{
    /// <summary>The most that one query gives.</summary>
    public const int CountCeiling = 1_000;
}

/// <summary>One mail, and what each filter makes of it.</summary>
/// <param name="Number">Its place among the mails, from 1.</param>
/// <param name="Source">Where it was found.</param>
/// <param name="MessageId">Its Message-ID without brackets; null when it has none.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="Sender">Its sender; null when that cannot be read.</param>
/// <param name="SentOn">Its date; null when that cannot be read.</param>
/// <param name="Verdicts">One for each filter, 0 to 4.</param>
[GenerateSerializer, Immutable, Alias("PreviewMail")]
public sealed record PreviewMail(
    [property: Id(0)] int Number,
    [property: Id(1)] string Source,
    [property: Id(2)] string? MessageId,
    [property: Id(3)] string Subject,
    [property: Id(4)] EmailAddress? Sender,
    [property: Id(5)] DateTimeOffset? SentOn,
    [property: Id(6)] ImmutableArray<PreviewVerdict> Verdicts);

/// <summary>What one filter makes of one mail.</summary>
[GenerateSerializer, Immutable, Alias("PreviewVerdict")]
public readonly record struct PreviewVerdict([property: Id(0)] Outcome Outcome, [property: Id(1)] ReasonCode Reason);

/// <summary>Why one mail is tracked or left out by one filter.</summary>
/// <param name="Mail">The mail.</param>
/// <param name="Filter">The filter.</param>
/// <param name="Sentences">The reasons in words, the outcome first.</param>
/// <param name="Email">What it is tracked as; null when the filter leaves it out.</param>
/// <param name="Thread">The emails of its conversation, by (sent date, key); empty when it is in none.</param>
/// <param name="ThreadCount">How many emails the conversation has; only the first are read.</param>
[GenerateSerializer, Immutable, Alias("PreviewExplanation")]
public sealed record PreviewExplanation(
    [property: Id(0)] PreviewMail Mail,
    [property: Id(1)] FilterMethod Filter,
    [property: Id(2)] ImmutableArray<string> Sentences,
    [property: Id(3)] Guid? Email,
    [property: Id(4)] ImmutableArray<EmailRow> Thread,
    [property: Id(5)] int ThreadCount);
