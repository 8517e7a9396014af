using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Unit.Tracking;

public sealed class RecordActTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(9);

    // Records in short: "contact1", then what it became: ">contact2", or "x" for deleted; "-" for inactive; "" for none.
    //          act            record              other               -> record         or why not
    [Theory]
    [InlineData("Deactivate", "contact1",          "",                 "contact1-",      null)]
    [InlineData("Deactivate", "contact1-",         "",                 "contact1-",      null)]
    [InlineData("Activate",   "contact1-",         "",                 "contact1",       null)]
    [InlineData("Activate",   "lead1->contact2",   "",                 "lead1",          null)]
    [InlineData("Activate",   "contact1->contact2", "",                null,             "is merged into contact/2, and stays inactive")]
    [InlineData("Deactivate", "contact1x",         "",                 null,             "contact/1 is deleted. Load it again")]
    [InlineData("Deactivate", "",                  "",                 null,             "There is no record contact/1. Load it first")]
    [InlineData("Delete",     "contact1",          "",                 "contact1x",      null)]
    [InlineData("Delete",     "contact1x",         "",                 "contact1x",      null)]
    [InlineData("Delete",     "contact1->contact2", "",                "contact1->contact2x", null)]
    [InlineData("Merge",      "contact1",          "contact2",         "contact1->contact2", null)]
    [InlineData("Merge",      "contact1",          "contact2-",        "contact1->contact2", null)]
    [InlineData("Merge",      "contact1->contact2", "contact2",        "contact1->contact2", null)]
    [InlineData("Merge",      "contact1->contact3", "contact2",        null,             "contact/1 is merged into contact/3 already")]
    [InlineData("Merge",      "contact1",          "contact1",         null,             "cannot be merged into itself")]
    [InlineData("Merge",      "contact1",          "contact2->contact3", null,           "contact/2 is merged into contact/3: merge into contact/3")]
    [InlineData("Merge",      "contact1",          "contact2->contact1", null,           "contact/2 is merged into contact/1 already: the two are one")]
    [InlineData("Merge",      "contact1",          "account2",         null,             "only records of one table can be merged")]
    [InlineData("Merge",      "contact1",          "contact2x",        null,             "contact/2 is deleted")]
    [InlineData("Merge",      "contact1",          "contact2?",        null,             "There is no record contact/2")]
    [InlineData("Merge",      "lead1->contact3",   "lead2",            null,             "lead/1 is converted into contact/3 already")]
    [InlineData("Merge",      "lead1",             "lead2->contact3",  null,             "lead/2 is converted into contact/3")]
    [InlineData("Convert",    "lead1",             "contact2",         "lead1->contact2", null)]
    [InlineData("Convert",    "lead1->contact2",   "contact2",         "lead1->contact2", null)]
    [InlineData("Convert",    "lead1->lead3",      "contact2",         null,             "lead/1 is merged into lead/3 already")]
    [InlineData("Convert",    "contact1",          "account2",         null,             "Only a lead is converted")]
    [InlineData("Convert",    "lead1",             "lead2",            null,             "Only a lead is converted")]
    [InlineData("Convert",    "lead1",             "contact2->contact3", null,           "contact/2 is merged into contact/3: convert into contact/3")]
    public void An_act_is_done_or_refused_with_words(string kind, string record, string other, string? after, string? problem)
    {
        var before = record.Length == 0 ? null : Life(record);
        var act = new RecordAct(
            Enum.Parse<RecordActKind>(kind), before?.Reference ?? Reference("contact1"), other.Length == 0 ? null : Reference(other));

        var (life, why) = RecordActs.Decide(
            act, before, other.Length == 0 || other.EndsWith('?') ? null : Life(other), Now);

        Assert.Equal(after, life is null ? null : Text(life));
        if (problem is null)
        {
            Assert.Null(why);
        }
        else
        {
            Assert.Contains(problem, Short(why!), StringComparison.Ordinal);
        }
    }

    private static string Short(string text) =>
        System.Text.RegularExpressions.Regex.Replace(text, "/0000000([0-9])-0000-0000-0000-000000000000", "/$1");

    private static RecordReference Reference(string text)
    {
        var digit = text.IndexOfAny(['1', '2', '3']);
        return Known.Reference(text[..digit], text[digit] - '0');
    }

    private static RecordLife Life(string text)
    {
        var arrow = text.IndexOf('>', StringComparison.Ordinal);
        return new RecordLife(
            Reference(text),
            !text.Contains('-', StringComparison.Ordinal),
            arrow < 0 ? null : Reference(text[(arrow + 1)..]),
            text.EndsWith('x') ? Now.AddDays(-1) : null);
    }

    private static string Text(RecordLife life) =>
        $"{Name(life.Reference)}{(life.IsActive ? "" : "-")}{(life.Successor is { } other ? $">{Name(other)}" : "")}{(life.DeletedOn is null ? "" : "x")}";

    private static string Name(RecordReference record) => $"{record.LogicalName}{record.Id.ToString()[7]}";
}
