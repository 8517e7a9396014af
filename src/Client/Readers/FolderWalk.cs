namespace EmailTracking.Client.Readers;

/// <summary>A file to read, or why it cannot be.</summary>
/// <param name="FullPath">Where to open it; every link is resolved.</param>
/// <param name="Path">Where it is for the person who gave the folder: <see cref="MailSource.Path"/>.</param>
/// <param name="Role">What its place and name say.</param>
/// <param name="Problem">Why it, or the folder that it is, cannot be read; null when it can be opened.</param>
internal sealed record FoundFile(string FullPath, string Path, MailFileRole Role, MailProblem? Problem);

/// <summary>Lists the files of a folder and of those in it, in the ordinal order of their relative paths.</summary>
/// <remarks>
/// Links are followed. A folder that is reached by several names, or by a link back into itself, is read once, under
/// the name that comes first. A folder that holds cur/ and new/ is a maildir: its tmp/ holds mail that is still being written
/// and is left out; its other folders are walked, and so are those of Maildir++ (".Name"). The names of one folder
/// are held in memory at a time, and those of the folders above it.
/// </remarks>
internal sealed class FolderWalk
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Stack<Queue<Entry>> _open = new();

    /// <param name="path">A file or a folder.</param>
    public static IEnumerable<FoundFile> Files(string path)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        var root = Resolve(path, name, isLink: true);
        if (root.Problem is null && Directory.Exists(root.FullPath))
        {
            return new FolderWalk().Walk(root.FullPath);
        }

        return [CheckFile(root)];
    }

    private IEnumerable<FoundFile> Walk(string root)
    {
        if (Open(root, "") is { } unreadable)
        {
            yield return unreadable;
        }

        while (_open.TryPeek(out var entries))
        {
            if (!entries.TryDequeue(out var entry))
            {
                _open.Pop();
                continue;
            }

            var found = Resolve(entry.FullPath, entry.Path, entry.IsLink) with { Role = entry.Role };
            if (!entry.IsFolder)
            {
                yield return CheckFile(found);
            }
            else if ((found.Problem is null ? Open(found.FullPath, entry.Path) : found) is { } closed)
            {
                yield return closed;
            }
        }
    }

    // Lists a folder, unless it was listed before under another name.
    private FoundFile? Open(string folder, string path)
    {
        if (!_seen.Add(folder))
        {
            return null;
        }

        try
        {
            _open.Push(List(folder, path));
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new FoundFile(folder, path.Length == 0 ? "./" : path, MailFileRole.Any, MailProblem.Refused(exception));
        }
    }

    private static Queue<Entry> List(string folder, string path)
    {
        var everything = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false };
        var infos = new DirectoryInfo(folder).GetFileSystemInfos("*", everything);
        var isMaildir = IsMaildir(folder);
        var holdsMessages = Path.GetFileName(folder) is "cur" or "new" && IsMaildir(Path.GetDirectoryName(folder));
        var fileRole = isMaildir ? MailFileRole.MaildirIndex : holdsMessages ? MailFileRole.MaildirMessage : MailFileRole.Any;
        var entries = infos
            .Where(info => !(isMaildir && info is DirectoryInfo && info.Name == "tmp"))
            .Select(info => new Entry(
                info.FullName,

                // The '/' makes the order of names the order of whole paths: "a.eml" stands before "a/b".
                path + info.Name + (info is DirectoryInfo ? "/" : ""),
                fileRole is MailFileRole.Any ? RoleByName(info.Name) : fileRole,
                info is DirectoryInfo,
                info.LinkTarget is not null))
            .OrderBy(entry => entry.Path, StringComparer.Ordinal);
        return new Queue<Entry>(entries);
    }

    private static bool IsMaildir(string? folder) =>
        Directory.Exists(Path.Join(folder, "cur")) && Directory.Exists(Path.Join(folder, "new"));

    internal static MailFileRole RoleByName(string name) =>
        name.EndsWith(".eml", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".eml.gz", StringComparison.OrdinalIgnoreCase)
            ? MailFileRole.Eml
            : MailFileRole.Any;

    private static FoundFile Resolve(string fullPath, string path, bool isLink)
    {
        try
        {
            var resolved = isLink ? CanonicalPath.Of(fullPath) : fullPath;
            return new FoundFile(resolved ?? "", path, RoleByName(path), resolved is null ? MailProblem.Missing : null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new FoundFile("", path, MailFileRole.Any, MailProblem.Refused(exception));
        }
    }

    // Opening a pipe would wait for a writer for ever; pipes, sockets and devices show a length of 0, like empty files.
    private static FoundFile CheckFile(FoundFile file)
    {
        if (file.Problem is not null)
        {
            return file;
        }

        var info = new FileInfo(file.FullPath);
        return file with { Problem = !info.Exists ? MailProblem.Missing : info.Length == 0 ? MailProblem.EmptyFile : null };
    }

    private sealed record Entry(string FullPath, string Path, MailFileRole Role, bool IsFolder, bool IsLink);
}
