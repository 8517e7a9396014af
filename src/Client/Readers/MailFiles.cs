using System.Runtime.CompilerServices;

namespace EmailTracking.Client.Readers;

/// <summary>Reads mail out of files: mbox, maildir, single emails, compressed with gzip or not, and folders of them.</summary>
/// <remarks>
/// Mail is framed, never parsed: what comes out are the bytes of each message. What a file is, its first bytes decide.
/// Whatever cannot be read comes out as an item with a <see cref="MailProblem"/>, and reading goes on behind it. One message is
/// in memory at a time.
/// </remarks>
public static class MailFiles
{
    /// <summary>Reads a file, or a folder with all below it in the ordinal order of the relative paths.</summary>
    /// <param name="path">An existing file or folder; when there is none, the one item says so.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between two reads.</param>
    /// <returns>Each message in turn, and each problem where it was met.</returns>
    /// <exception cref="ArgumentException">The path is empty, or an option is outside its range.</exception>
    public static IAsyncEnumerable<MailItem> Read(
        string path,
        MailFilesOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new MailFilesOptions();
        options.Validate();
        return ReadFilesAsync(path, options, cancellationToken);
    }

    /// <summary>Reads an open file, such as standard input.</summary>
    /// <param name="stream">Read from its place to its end; it stays open.</param>
    /// <param name="name">What to call it in <see cref="MailSource.Path"/>; an ending of .eml is taken into account.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between two reads.</param>
    /// <returns>Each message in turn, and each problem where it was met.</returns>
    /// <exception cref="ArgumentException">The name is empty, or an option is outside its range.</exception>
    public static IAsyncEnumerable<MailItem> Read(
        Stream stream,
        string name,
        MailFilesOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        options ??= new MailFilesOptions();
        options.Validate();
        return MailFileReader.ReadAsync(stream.ReadAsync, name, FolderWalk.RoleByName(name), options, cancellationToken);
    }

    private static async IAsyncEnumerable<MailItem> ReadFilesAsync(
        string path,
        MailFilesOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var file in FolderWalk.Files(path))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (options.ResumeAfter is { } last && string.CompareOrdinal(file.Path, last.Path) < 0)
            {
                continue;
            }

            await foreach (var item in ReadFileAsync(file, options, cancellationToken))
            {
                var isIndex = file.Role == MailFileRole.MaildirIndex && item.Problem?.Kind == MailProblemKind.NotAMailbox;
                if (!isIndex)
                {
                    yield return item;
                }
            }
        }
    }

    private static async IAsyncEnumerable<MailItem> ReadFileAsync(
        FoundFile file,
        MailFilesOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The file is opened by the first read, so that a refusal is one more failure to read.
        FileStream? stream = null;
        var items = file.Problem is { } problem
            ? MailFileReader.ProblemAsync(file.Path, problem, options)
            : MailFileReader.ReadAsync(ReadAsync, file.Path, file.Role, options, cancellationToken);
        try
        {
            await foreach (var item in items)
            {
                yield return item;
            }
        }
        finally
        {
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }
        }

        ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken token)
        {
            stream ??= new FileStream(file.FullPath, new FileStreamOptions
            {
                Access = FileAccess.Read,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            });
            return stream.ReadAsync(destination, token);
        }
    }
}
