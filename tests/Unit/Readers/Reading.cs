using System.IO.Compression;
using System.Text;
using EmailTracking.Client.Readers;

namespace EmailTracking.Tests.Unit.Readers;

/// <summary>Short ways to write mail files and to read them back.</summary>
internal static class Reading
{
    public const string Separator = "From ana@contoso.example Thu Jan  1 00:00:00 1970";

    /// <summary>A small mail, told from others by its subject.</summary>
    public static string Mail(string subject) => $"From: ana@contoso.example\nSubject: {subject}\n\nHello.\n";

    public static string Mbox(params string[] messages) =>
        string.Concat(messages.Select(message => $"{Separator}\n{message}\n"));

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string Text(MailItem item) => Encoding.Latin1.GetString(item.Content.Span);

    public static byte[] Gzip(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }

    public static Task<List<MailItem>> ReadAsync(string text, MailFilesOptions? options = null, string name = "mail") =>
        ReadAsync(Bytes(text), options, name);

    public static async Task<List<MailItem>> ReadAsync(byte[] bytes, MailFilesOptions? options = null, string name = "mail")
    {
        using var stream = new MemoryStream(bytes);
        return await MailFiles.Read(stream, name, options).ToListAsync();
    }

    /// <summary>A folder of its own that is gone afterwards.</summary>
    public static TemporaryFolder Folder() => new();
}

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("emailtracking-").FullName;

    public string At(string name) => System.IO.Path.Join(Path, name);

    public void Write(string name, string text) => Write(name, Reading.Bytes(text));

    public void Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), bytes);
    }

    public Task<List<MailItem>> ReadAsync(MailFilesOptions? options = null) =>
        MailFiles.Read(Path, options).ToListAsync().AsTask();

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
