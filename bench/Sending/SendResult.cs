namespace EmailTracking.Bench.Sending;

/// <summary>What the client process saw of one run.</summary>
/// <param name="Sent">Mails that were answered.</param>
/// <param name="Deferred">Those of them that are decided later.</param>
/// <param name="Seconds">From the first hand-over to the last answer.</param>
/// <param name="Median">From hand-over to answer, in milliseconds: half of the mails.</param>
/// <param name="P99">99 of 100 mails.</param>
/// <param name="Longest">All mails.</param>
/// <param name="MakingMicroseconds">How long one mail takes to make; it is part of the client's processor time.</param>
public sealed record SendResult(
    int Sent, int Deferred, double Seconds, double Median, double P99, double Longest, double MakingMicroseconds);
