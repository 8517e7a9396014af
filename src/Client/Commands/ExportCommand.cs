using System.Buffers;
using System.CommandLine;
using System.Text;
using EmailTracking.Client.Rendering;

namespace EmailTracking.Client.Commands;

/// <summary><c>export</c>: every email that was ever seen, for other programs.</summary>
internal static class ExportCommand
{
    private const int FlushBytes = 65_536;

    public static Command Create(CommandHost host)
    {
        var format = new Option<string>("--format") { Description = "How to write", HelpName = "jsonl", DefaultValueFactory = _ => "jsonl" };
        format.AcceptOnlyFromAmong("jsonl");
        var output = new Option<string?>("--output")
        {
            Description = "Where to write; the file appears when it is complete [default: standard output]",
            HelpName = "FILE",
        };
        var command = host.Command(
            "export",
            "Writes every email that was ever seen, one line of JSON each, in the order of their keys.",
            "emailtracking export --format jsonl --output emails.jsonl",
            "emailtracking export | jq -r 'select(.outcome == \"skipped\") | .messagekey'");
        command.Add(format);
        command.Add(output);
        host.Connected(command, async (parsed, client, token) =>
        {
            if (parsed.GetValue(output) is not { } file)
            {
                await WriteAsync(client, host.Console.Profile.Out.Writer.WriteAsync, token);
                return ExitCodes.Done;
            }

            var count = await WriteFileAsync(client, file, token);
            host.Errors.Line($"{Words.Of(count)} emails are in {file}.");
            return ExitCodes.Done;
        });
        return command;
    }

    // A reader of the file never sees half of it.
    private static async Task<long> WriteFileAsync(EmailTrackingClient client, string file, CancellationToken token)
    {
        var unfinished = file + ".unfinished";
        try
        {
            long count;
            await using (var writer = new StreamWriter(unfinished, append: false, new UTF8Encoding(false)))
            {
                count = await WriteAsync(client, writer.WriteAsync, token);
            }

            File.Move(unfinished, file, overwrite: true);
            return count;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static async Task<long> WriteAsync(EmailTrackingClient client, Func<string, Task> write, CancellationToken token)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var count = 0L;
        await foreach (var row in client.ExportAsync(token))
        {
            ExportLine.Write(buffer, row);
            count++;
            if (buffer.WrittenCount >= FlushBytes)
            {
                await write(Encoding.UTF8.GetString(buffer.WrittenSpan));
                buffer.ResetWrittenCount();
            }
        }

        await write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        return count;
    }
}
