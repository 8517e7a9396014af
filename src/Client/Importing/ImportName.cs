using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EmailTracking.Client.Readers;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.Importing;

/// <summary>The name under which the position of an import is remembered.</summary>
internal static class ImportName
{
    /// <summary>
    /// A digest of the path, the mailbox and the folder. Of a file also size and date: in other contents under the same name
    /// the position would pass mail over that was never read.
    /// </summary>
    public static string Of(string path, EmailAddress mailbox, string folder)
    {
        var canonical = CanonicalPath.Of(path) ?? Path.GetFullPath(path);
        var file = new FileInfo(canonical);
        var state = file.Exists ? string.Create(CultureInfo.InvariantCulture, $"{file.Length} {file.LastWriteTimeUtc.Ticks}") : "";
        var name = string.Join('\n', Path.TrimEndingDirectorySeparator(canonical), mailbox.Value, folder, state);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
    }
}
