using EmailTracking.Access;
using EmailTracking.Tests.Unit.Settings;

namespace EmailTracking.Tests.Unit.Access;

/// <summary>docs/api.md has the table of roles as it is in code. EMAILTRACKING_WRITE_DOCS=1 writes it.</summary>
public sealed class RolesDocumentTests
{
    private const string Begin = "| privilege |";

    [Fact]
    public void The_document_says_what_each_role_may()
    {
        var file = Path.Combine(SettingsDocumentTests.DocumentsPath(), "api.md");
        var lines = File.ReadAllLines(file).ToList();
        var at = lines.FindIndex(line => line.StartsWith(Begin, StringComparison.Ordinal));
        Assert.True(at >= 0, "There is no table of roles.");
        var count = lines.Skip(at).TakeWhile(line => line.StartsWith('|')).Count();
        if (Environment.GetEnvironmentVariable("EMAILTRACKING_WRITE_DOCS") == "1")
        {
            lines.RemoveRange(at, count);
            lines.InsertRange(at, Table());
            File.WriteAllLines(file, lines);
            return;
        }

        Assert.Equal(Table(), lines.Skip(at).Take(count));
    }

    private static List<string> Table() =>
    [
        $"{Begin} {string.Join(" | ", Enum.GetValues<Role>().Select(role => AccessCheck.Word(role)))} |",
        "|---|---|---|---|---|",
        .. Enum.GetValues<Privilege>().Select(privilege =>
            $"| `{AccessCheck.Word(privilege)}` | {string.Join(" | ", Enum.GetValues<Role>().Select(role => Word(RolePrivileges.ReachOf(role, privilege))))} |"),
    ];

    private static string Word(Reach reach) => reach == Reach.None ? "" : AccessCheck.Word(reach);
}
