using EmailTracking.Bench.Sending;

namespace EmailTracking.Bench.Measuring;

/// <summary>Seconds of processor time, by process.</summary>
internal readonly record struct ProcessorTime(double Client, double Silos, double Server)
{
    public double All => Client + Silos + Server;

    public static ProcessorTime operator -(ProcessorTime after, ProcessorTime before) =>
        new(after.Client - before.Client, after.Silos - before.Silos, after.Server - before.Server);

    public static ProcessorTime operator /(ProcessorTime time, double by) =>
        new(time.Client / by, time.Silos / by, time.Server / by);
}

/// <summary>One measured window.</summary>
/// <param name="Sent">What the client saw.</param>
/// <param name="Processor">Milliseconds of processor time a mail.</param>
/// <param name="Statements">What the database counted meanwhile.</param>
internal sealed record Measured(SendResult Sent, ProcessorTime Processor, Statements Statements)
{
    /// <summary>Mails a second.</summary>
    public double Rate => Sent.Sent / Sent.Seconds;

    public double StatementsPerMail => (double)Statements.Calls / Sent.Sent;
}
