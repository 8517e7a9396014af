using System.Collections.Immutable;
using System.Reflection;

namespace EmailTracking.Silo.Storage;

/// <summary>All scripts of one database, in order: one folder of embedded <c>.sql</c> files.</summary>
public sealed class MigrationSet
{
    /// <summary>Scripts in their order, whatever order they are handed in.</summary>
    /// <param name="scripts">No two of one number.</param>
    /// <exception cref="ArgumentException">Two files carry one number: give the later one the next free number.</exception>
    public MigrationSet(IEnumerable<MigrationScript> scripts)
    {
        Scripts = [.. scripts.OrderBy(script => script.Number)];
        var twice = Scripts.Zip(Scripts.Skip(1)).FirstOrDefault(pair => pair.First.Number == pair.Second.Number);
        if (twice.First is not null)
        {
            throw new ArgumentException(
                $"{twice.First.FileName} and {twice.Second.FileName} carry one number. Give the later one the next free number.",
                nameof(scripts));
        }
    }

    /// <summary>The cluster's database on PostgreSQL: Orleans' tables and the tracking tables.</summary>
    public static MigrationSet Postgres { get; } = FromFolder("Postgres.Sql");

    /// <summary>The tracking tables on SQLite.</summary>
    public static MigrationSet SqliteTracking { get; } = FromFolder("Sqlite.Sql");

    /// <summary>Orleans' grain state on SQLite, a file of its own.</summary>
    public static MigrationSet SqliteOrleans { get; } = FromFolder("Sqlite.OrleansSql");

    /// <summary>The scripts, by ascending number; gaps are allowed.</summary>
    public ImmutableArray<MigrationScript> Scripts { get; }

    private static MigrationSet FromFolder(string folder)
    {
        var assembly = typeof(MigrationSet).Assembly;
        var prefix = $"{typeof(MigrationSet).Namespace}.{folder}.";
        return new MigrationSet(assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => MigrationScript.Parse(name[prefix.Length..], Read(assembly, name))));
    }

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
