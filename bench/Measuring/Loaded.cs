namespace EmailTracking.Bench.Measuring;

/// <summary>What one load of records took.</summary>
/// <param name="Seconds">From the start of the command to its end.</param>
/// <param name="Processor">Milliseconds of processor time a record; the loading process counts as the client.</param>
/// <param name="PeakBytes">The most memory that the loading process held at once (VmHWM of proc(5)).</param>
internal sealed record Loaded(double Seconds, ProcessorTime Processor, long PeakBytes)
{
    public double PeakMegabytes => PeakBytes / (1024.0 * 1024);
}
