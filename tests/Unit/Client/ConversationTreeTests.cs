using EmailTracking.Client.Rendering;
using EmailTracking.Storage;

namespace EmailTracking.Tests.Unit.Client;

public sealed class ConversationTreeTests
{
    [Fact]
    public void Each_email_stands_below_the_one_that_it_answers()
    {
        EmailRow[] rows = [Rows.Tracked(1), Rows.Tracked(2, 1), Rows.Tracked(3, 2), Rows.Tracked(4, 1), Rows.Tracked(5, 4), Rows.Tracked(6, 99)];

        Assert.Equal(["1", "├─ 2", "│  └─ 3", "└─ 4", "   └─ 5", "6"], Lines(rows));
    }

    [Fact]
    public void A_circle_of_answers_is_shown_once()
    {
        EmailRow[] rows = [Rows.Tracked(1, 2), Rows.Tracked(2, 1), Rows.Tracked(3)];

        Assert.Equal(["3", "1", "└─ 2"], Lines(rows));
    }

    [Fact]
    public void A_very_deep_conversation_stays_on_the_screen()
    {
        EmailRow[] rows = [Rows.Tracked(0), .. Enumerable.Range(1, 200).Select(number => Rows.Tracked(number, number - 1))];

        var lines = ConversationTree.Lines(rows).ToArray();

        Assert.Equal(rows, lines.Select(line => line.Email));
        Assert.InRange(lines.Max(line => line.Lead.Length), 1, 80);
    }

    private static IEnumerable<string> Lines(EmailRow[] rows) =>
        ConversationTree.Lines(rows).Select(line => $"{line.Lead}{line.Email.Key.ToBytes()[^1]}");
}
