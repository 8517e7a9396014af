using System.IO.Compression;
using System.Text.Json;
using EmailTracking.Client.Readers;

namespace EmailTracking.Tests.Cluster;

/// <summary>A folder of real list mail with known threads, given from outside (EMAILTRACKING_CORPORA); absent on a fresh clone.</summary>
public static class Corpora
{
    public static bool Full => Environment.GetEnvironmentVariable("EMAILTRACKING_FULL") == "1";

    public static string? Threads => Environment.GetEnvironmentVariable("EMAILTRACKING_CORPORA") is { Length: > 0 } folder
        ? Path.Combine(folder, "threads")
        : null;

    /// <summary>The mails of some lists, in file order.</summary>
    public static async Task<List<byte[]>> ReadAsync(params string[] lists)
    {
        var mails = new List<byte[]>();
        foreach (var file in Directory.GetFiles(Threads!, "*.mbox.gz").Order(StringComparer.Ordinal))
        {
            if (lists.Length > 0 && !lists.Contains(Path.GetFileName(file).Split('.')[0]))
            {
                continue;
            }

            await foreach (var item in MailFiles.Read(file))
            {
                mails.Add(item.Content.ToArray());
            }
        }

        return mails;
    }

    /// <summary>The thread of each Message-ID by headers alone.</summary>
    public static async Task<Dictionary<string, string>> ReadThreadsAsync()
    {
        await using var file = new GZipStream(File.OpenRead(Path.Combine(Threads!, "truth.json.gz")), CompressionMode.Decompress);
        using var truth = await JsonDocument.ParseAsync(file);
        return truth.RootElement.EnumerateObject()
            .ToDictionary(mail => mail.Name, mail => mail.Value.GetProperty("thread").GetString()!);
    }
}
