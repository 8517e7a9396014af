using EmailTracking.Silo.Storage;

namespace EmailTracking.Tests.Storage.Migration;

public sealed class MigrationPlanTests
{
    // A letter is a script's text, its place the number; a dot is a number that is not there.
    //          program applied  next or what the error says
    [Theory]
    [InlineData("",     "",      "none")]
    [InlineData("a",    "",      "0001-a.sql")]
    [InlineData("ab",   "a",     "0002-b.sql")]
    [InlineData("ab",   "ab",    "none")]
    [InlineData(".b",   "",      "0002-b.sql")]                                // A set may begin anywhere.
    [InlineData("a.c",  "a",     "0003-c.sql")]                                // Gaps are allowed.
    [InlineData("a",    "ab",    "is newer than this program: it has had 0002-b.sql")]
    [InlineData("",     "a",     "is newer than this program: it has had 0001-a.sql")]
    [InlineData("a.c",  "ab",    "has had 0002-b.sql, which is not part of this program")]
    [InlineData("ab",   "x",     "0001-a.sql was changed after")]
    [InlineData("ab",   "xb",    "0001-a.sql was changed after")]
    [InlineData("abc",  "a.c",   "has had number 0003 but not 0002-b.sql")]
    public void What_comes_next_follows_from_what_was_applied(string program, string applied, string expected)
    {
        var set = new MigrationSet(Scripts(program));
        var rows = Scripts(applied).Select(script => new AppliedMigration(script.Number, script.Name, script.Sha256));

        string actual;
        try
        {
            actual = MigrationPlan.Next("Database d", set, [.. rows])?.FileName ?? "none";
        }
        catch (MigrationException refusal)
        {
            actual = refusal.Message;
        }

        Assert.Contains(expected, actual, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_files_of_one_number_are_refused()
    {
        var refusal = Assert.Throws<ArgumentException>(() =>
            new MigrationSet([MigrationScript.Parse("0002-a.sql", ""), MigrationScript.Parse("0002-b.sql", "")]));

        Assert.Contains("0002-a.sql and 0002-b.sql carry one number", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1-a.sql")]
    [InlineData("0000-a.sql")]
    [InlineData("0001a.sql")]
    [InlineData("0001-.sql")]
    [InlineData("+001-a.sql")]
    [InlineData("0001-a.txt")]
    public void A_file_of_another_name_is_refused(string fileName) =>
        Assert.Throws<FormatException>(() => MigrationScript.Parse(fileName, ""));

    [Fact]
    public void Line_ends_of_a_checkout_do_not_count() =>
        Assert.Equal(MigrationScript.Parse("0001-a.sql", "a\nb\n"), MigrationScript.Parse("0001-a.sql", "a\r\nb\r\n"));

    [Fact]
    public void The_program_carries_scripts_for_every_database()
    {
        Assert.Equal("0001-orleans.sql", MigrationSet.Postgres.Scripts[0].FileName);
        Assert.Equal("0001-orleans.sql", MigrationSet.SqliteOrleans.Scripts[0].FileName);
    }

    internal static IEnumerable<MigrationScript> Scripts(string letters) => letters
        .Select((letter, index) => (Number: index + 1, Letter: letter))
        .Where(script => script.Letter != '.')
        .Select(script => MigrationScript.Parse($"{script.Number:0000}-{script.Letter}.sql", $"create table {script.Letter} (id int)"));
}
