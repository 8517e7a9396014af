using EmailTracking.Silo.Pages.Conversations;
using EmailTracking.Storage;
using EmailTracking.Tests.Unit.Client;

namespace EmailTracking.Tests.Unit.Pages;

public sealed class ThreadTreeTests
{
    [Theory]
    [InlineData("1 2<1 3<2 4<1",    "1:0+3 2:1+1 3:2+0 4:1+0")]
    [InlineData("1 2 3<1",          "1:0+1 3:1+0 2:0+0")]       // Two that answer nothing.
    [InlineData("2<1 3<2",          "2:0+1 3:1+0")]             // 1 is not shown to whoever looks.
    [InlineData("1<2 2<1 3",        "3:0+0 1:0+1 2:1+0")]       // They answer each other.
    [InlineData("2<3 3",            "3:0+1 2:1+0")]             // An answer that says to be older.
    public void Each_hangs_below_what_it_answers(string emails, string tree) => Assert.Equal(
        tree,
        string.Join(' ', ThreadTree.Of([.. emails.Split(' ').Select(Email)]).Select(row =>
            $"{int.Parse(row.Email.Activity!.Subject["Subject ".Length..])}:{row.Depth}+{row.BelowCount}")));

    [Fact]
    public void That_it_answers_what_is_not_shown_is_said_of_it_alone()
    {
        var rows = ThreadTree.Of([Email("2<1"), Email("3<2"), Email("4")]);
        Assert.Equal([true, false, false], rows.Select(row => row.AnswersHidden));
        Assert.Equal([null, "Subject 2", null], rows.Select(row => row.Answers?.Activity!.Subject));
    }

    [Fact]
    public void A_long_row_of_answers_is_one_branch()
    {
        var rows = ThreadTree.Of([.. Enumerable.Range(1, 200).Select(number => Rows.Tracked(number, number == 1 ? null : number - 1))]);
        Assert.Equal(Enumerable.Range(0, 200).Select(number => Math.Min(number, 24)), rows.Select(row => row.Depth));
        Assert.Equal(199, rows[0].BelowCount);
    }

    private static EmailRow Email(string text)
    {
        var parts = text.Split('<');
        return Rows.Tracked(int.Parse(parts[0]), parts.Length > 1 ? int.Parse(parts[1]) : null);
    }
}
