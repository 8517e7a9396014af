using System.Runtime.CompilerServices;

namespace EmailTracking.Client.Readers;

/// <summary>Reads one file, whatever its kind.</summary>
internal static class MailFileReader
{
    public static async IAsyncEnumerable<MailItem> ReadAsync(
        Func<Memory<byte>, CancellationToken, ValueTask<int>> read,
        string path,
        MailFileRole role,
        MailFilesOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var file = new InputBuffer(read, options.ReadBufferBytes);
        await file.FillToAsync(MailFileSniffer.HeadBytes, cancellationToken);
        if (!Gunzip.Recognises(file.Span))
        {
            await foreach (var item in ReadContentAsync(file, path, role, options, cancellationToken))
            {
                yield return item;
            }

            yield break;
        }

        await using var gunzip = new Gunzip(file);
        using var content = new InputBuffer(gunzip.ReadAsync, options.ReadBufferBytes);
        await content.FillToAsync(MailFileSniffer.HeadBytes, cancellationToken);
        await foreach (var item in ReadContentAsync(content, path, role, options, cancellationToken))
        {
            yield return item;
        }
    }

    /// <summary>The one item of a file that cannot be read, unless reading goes on behind it.</summary>
    public static async IAsyncEnumerable<MailItem> ProblemAsync(string path, MailProblem problem, MailFilesOptions options)
    {
        await ValueTask.CompletedTask;
        if (options.ResumeAfter?.Path != path)
        {
            yield return new MailItem(new MailSource(path, Ordinal: 0, Offset: 0), default, problem);
        }
    }

    private static IAsyncEnumerable<MailItem> ReadContentAsync(
        InputBuffer input,
        string path,
        MailFileRole role,
        MailFilesOptions options,
        CancellationToken cancellationToken)
    {
        var (kind, start) = MailFileSniffer.Look(input.Span, role);
        if (kind == MailFileKind.Mbox)
        {
            input.Discard(start);
            var last = options.ResumeAfter;
            return new MboxReader(input, path, options).ReadAsync(last?.Path == path ? last.Ordinal : 0, cancellationToken);
        }

        return kind == MailFileKind.Message
            ? ReadMessageAsync(input, path, options, cancellationToken)
            : ProblemAsync(path, input.Problem ?? (input.Length == 0 ? MailProblem.EmptyFile : MailProblem.NoMail), options);
    }

    private static async IAsyncEnumerable<MailItem> ReadMessageAsync(
        InputBuffer input,
        string path,
        MailFilesOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (options.ResumeAfter?.Path == path)
        {
            yield break;
        }

        var source = new MailSource(path, Ordinal: 0, Offset: 0);
        await input.FillToAsync(options.MessageBytesMax + 1, cancellationToken);
        yield return input.Length > options.MessageBytesMax
            ? new MailItem(source, default, MailProblem.TooLarge(options.MessageBytesMax))
            : new MailItem(source, input.Span.ToArray(), input.Problem);
    }
}
