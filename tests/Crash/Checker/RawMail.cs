using System.Text;

namespace EmailTracking.Tests.Crash.Checker;

/// <summary>The ids that a mail bears and names, and who wrote it, read from its raw bytes.</summary>
/// <param name="Id">Its Message-ID.</param>
/// <param name="From">Its one author's address.</param>
/// <param name="InReplyTo">The first id of In-Reply-To; null without one.</param>
/// <param name="References">The ids of References, oldest first.</param>
public sealed record RawMail(string Id, string From, string? InReplyTo, IReadOnlyList<string> References)
{
    /// <summary>The ids that it names, the nearest first.</summary>
    public IEnumerable<string> Names =>
        (InReplyTo is null ? [] : new[] { InReplyTo }).Concat(References.Reverse()).Distinct().Where(id => id != Id);

    /// <summary>Reads a mail; of its body nothing.</summary>
    public static RawMail Read(ReadOnlySpan<byte> raw)
    {
        var end = raw.IndexOf("\r\n\r\n"u8);
        var header = Encoding.ASCII.GetString(raw[..end]);
        var unfolded = header.Replace("\r\n ", " ", StringComparison.Ordinal).Replace("\r\n\t", " ", StringComparison.Ordinal);
        var fields = unfolded.Split("\r\n").Select(line => line.Split(':', 2)).ToLookup(field => field[0], field => field[1]);
        return new RawMail(
            Ids(fields["Message-ID"]).Single(),
            fields["From"].SingleOrDefault("").Trim(),
            Ids(fields["In-Reply-To"]).FirstOrDefault(),
            [.. Ids(fields["References"])]);
    }

    private static IEnumerable<string> Ids(IEnumerable<string> values) => values
        .SelectMany(value => value.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        .Select(id => id.Trim('<', '>'));
}
