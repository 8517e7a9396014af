using System.Globalization;

namespace EmailTracking.Tests.Crash.Checker;

/// <summary>What the client was told of one delivery.</summary>
/// <param name="Operation">The delivery.</param>
/// <param name="Outcome">What was decided of the copy.</param>
/// <param name="Activity">The mail's activity; empty while nobody wants it.</param>
/// <param name="Conversation">Its conversation then; empty while nobody wants it.</param>
/// <param name="IsFirst">Whether it was told that this delivery made the activity.</param>
public sealed record Acknowledgement(string Operation, string Outcome, string Activity, string Conversation, bool IsFirst)
{
    /// <summary>Reads a line of the log.</summary>
    public static Acknowledgement Parse(string line)
    {
        var fields = line.Split('\t');
        return new Acknowledgement(fields[0], fields[1], fields[2], fields[3], fields[4] == "first");
    }

    /// <summary>The block of mail that the delivery is from.</summary>
    public int Block => int.Parse(Operation.Split('.')[0], CultureInfo.InvariantCulture);

    /// <summary>A line of the log.</summary>
    public string Line => string.Join('\t', Operation, Outcome, Activity, Conversation, IsFirst ? "first" : "again");
}
