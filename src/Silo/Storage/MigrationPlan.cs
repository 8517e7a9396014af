using System.Collections.Immutable;
using System.Globalization;

namespace EmailTracking.Silo.Storage;

/// <summary>One row of <c>schema_migration</c>: a script that this database has had.</summary>
/// <param name="Number">As in <see cref="MigrationScript.Number"/>.</param>
/// <param name="Name">As in <see cref="MigrationScript.Name"/>, at the time.</param>
/// <param name="Sha256">As in <see cref="MigrationScript.Sha256"/>, at the time.</param>
public sealed record AppliedMigration(int Number, string Name, string Sha256)
{
    /// <summary>The file's name at the time.</summary>
    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{Number:0000}-{Name}.sql");
}

/// <summary>What a database needs next, or why it cannot go on.</summary>
public static class MigrationPlan
{
    /// <summary>The first script that the database has not had.</summary>
    /// <param name="database">The database's name for messages; without its password.</param>
    /// <param name="set">What this program knows.</param>
    /// <param name="applied">What the database has had, in any order.</param>
    /// <returns>Null when the database has had all of them.</returns>
    /// <exception cref="MigrationException">
    /// The database is newer than the program, a script was changed or removed after it was applied, or one was put in before it.
    /// </exception>
    public static MigrationScript? Next(string database, MigrationSet set, ImmutableArray<AppliedMigration> applied)
    {
        ArgumentNullException.ThrowIfNull(set);

        var last = set.Scripts.IsEmpty ? 0 : set.Scripts[^1].Number;
        foreach (var row in applied.OrderByDescending(row => row.Number))
        {
            var script = set.Scripts.FirstOrDefault(script => script.Number == row.Number);
            if (script is null && row.Number > last)
            {
                throw new MigrationException(row.FileName,
                    $"{database} is newer than this program: it has had {row.FileName}, which this program does not know. "
                    + "Start the version that wrote it or a later one, or go back to the backup taken before the upgrade.");
            }

            if (script is null)
            {
                throw new MigrationException(row.FileName,
                    $"{database} has had {row.FileName}, which is not part of this program although later files are. "
                    + "Start the version that this database belongs to; if the file was removed, put it back as it was.");
            }

            if (script.Sha256 != row.Sha256)
            {
                throw new MigrationException(script.FileName,
                    $"{script.FileName} was changed after {database} had had it. Put the file back as it was released, "
                    + $"and put the change into a new file with a number above {last:0000}.");
            }
        }

        var next = set.Scripts.FirstOrDefault(script => applied.All(row => row.Number != script.Number));
        var highest = applied.Select(row => row.Number).DefaultIfEmpty().Max();
        if (next is not null && next.Number < highest)
        {
            throw new MigrationException(next.FileName,
                $"{database} has had number {highest:0000} but not {next.FileName} before it. Files are applied in order: "
                + $"give it a number above {last:0000}.");
        }

        return next;
    }
}
