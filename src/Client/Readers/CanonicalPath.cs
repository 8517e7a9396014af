namespace EmailTracking.Client.Readers;

/// <summary>The one path of a file or folder, with every symbolic link on the way resolved.</summary>
internal static class CanonicalPath
{
    // As Linux has it (path_resolution(7)).
    private const int LinksMax = 40;

    /// <returns>The path, whether or not something is there; null when links lead in a circle.</returns>
    /// <exception cref="IOException">A link cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder on the way cannot be searched.</exception>
    public static string? Of(string path)
    {
        var full = Path.GetFullPath(path);
        var resolved = Path.GetPathRoot(full)!;
        var names = new Stack<string>();
        Push(names, full[resolved.Length..]);
        var links = 0;
        while (names.TryPop(out var name))
        {
            if (name == "..")
            {
                resolved = Path.GetDirectoryName(resolved) ?? resolved;
                continue;
            }

            var next = Path.Join(resolved, name);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }

            if (++links > LinksMax)
            {
                return null;
            }

            var root = Path.GetPathRoot(target) ?? "";
            resolved = root.Length > 0 ? root : resolved;
            Push(names, target[root.Length..]);
        }

        return resolved;
    }

    private static void Push(Stack<string> names, string path)
    {
        var parts = path.Split(
            [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar],
            StringSplitOptions.RemoveEmptyEntries);
        foreach (var part in parts.Reverse().Where(part => part != "."))
        {
            names.Push(part);
        }
    }
}
