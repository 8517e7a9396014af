using System.Collections.Immutable;

namespace EmailTracking.Tracking.Deciding;

/// <summary>A moment at which a person stopped a conversation, or let it go on.</summary>
/// <param name="On">When; UTC.</param>
/// <param name="IsStop">Whether it was stopped.</param>
/// <param name="By">Who did it.</param>
[GenerateSerializer, Immutable, Alias("StopWord")]
public sealed record StopWord([property: Id(0)] DateTimeOffset On, [property: Id(1)] bool IsStop, [property: Id(2)] string By);

/// <summary>Why an email that its mailbox wants is hidden: a person took it out, or stopped its conversation, or it was erased.</summary>
/// <param name="Reason">Which of these.</param>
/// <param name="By">Who did it.</param>
/// <param name="On">When; UTC.</param>
public sealed record LeftOut(ReasonCode Reason, string By, DateTimeOffset On)
{
    /// <summary>Decides one email: of the word on the email and the word on its conversation the later one counts.</summary>
    /// <remarks>Erasing is the last word, whatever was said later: nothing is left that could be shown.</remarks>
    /// <param name="hand">What people said of the email.</param>
    /// <param name="stops">When its conversation was stopped and resumed, in order of time.</param>
    /// <param name="receivedOn">When the email was received: a stop keeps out what was received after it.</param>
    /// <returns>Null when it is tracked.</returns>
    public static LeftOut? Decide(HandFacts hand, ImmutableArray<StopWord> stops, DateTimeOffset receivedOn)
    {
        ArgumentNullException.ThrowIfNull(hand);
        if (hand.Erased is { } erased)
        {
            return new LeftOut(ReasonCode.Erased, erased.By, erased.On);
        }

        var stop = stops.LastOrDefault(word => word.On < receivedOn) is { IsStop: true } word ? word : null;
        return hand.Word is { } own && (stop is null || own.On >= stop.On)
            ? own.Kind != ActKind.Track ? new LeftOut(ReasonCode.UntrackedByHand, own.By, own.On) : null
            : stop is null ? null : new LeftOut(ReasonCode.ConversationStopped, stop.By, stop.On);
    }
}
