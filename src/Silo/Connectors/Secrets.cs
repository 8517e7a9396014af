using EmailTracking.Connectors;

namespace EmailTracking.Silo.Connectors;

/// <summary>Finds secrets where they are kept: in the environment of the silo, or in a file that only it can read.</summary>
/// <remarks>A secret is read each time it is needed, so that a changed one counts at once. No text ever shows it.</remarks>
internal static class Secrets
{
    /// <summary>The longest secret, in bytes.</summary>
    internal const int BytesMax = 64 * 1024;

    private const string Environment = "env:";
    private const string File = "file:";

    /// <summary>Reads a secret.</summary>
    /// <param name="reference"><c>env:NAME</c> or <c>file:PATH</c>; a line break at the end of a file does not count.</param>
    /// <param name="what">What it is, for texts: <c>the password of ana@contoso.com</c>.</param>
    /// <exception cref="MailServerException"><see cref="ServerProblemKind.Configuration"/>: there is none.</exception>
    internal static string Read(string? reference, string what)
    {
        // What stands there may be the secret itself, put there by mistake: it is not repeated.
        var secret = reference switch
        {
            null or "" => throw Missing($"Nothing says where {what} is."),
            _ when reference.StartsWith(Environment, StringComparison.Ordinal) => OfEnvironment(reference[Environment.Length..], what),
            _ when reference.StartsWith(File, StringComparison.Ordinal) => OfFile(reference[File.Length..], what),
            _ => throw Missing($"Where {what} is must be written as env:NAME or file:PATH."),
        };
        return secret.Length > 0 ? secret : throw Missing($"Where {what} should be is nothing.");
    }

    private static string OfEnvironment(string name, string what) =>
        System.Environment.GetEnvironmentVariable(name) ??
            throw Missing($"The silo has no environment variable '{Words.Shown(name)}' with {what}.");

    private static string OfFile(string path, string what)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[BytesMax + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length <= BytesMax
                ? System.Text.Encoding.UTF8.GetString(bytes, 0, length).TrimEnd('\r', '\n')
                : throw Missing($"The file '{Words.Shown(path)}' is too large for {what}.");
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Missing($"The silo cannot read the file '{Words.Shown(path)}' with {what}.");
        }
    }

    private static MailServerException Missing(string problem) => new(
        ServerProblemKind.Configuration,
        problem,
        "Give every silo the environment variable or the file, and name it as env:NAME or file:PATH.");
}
