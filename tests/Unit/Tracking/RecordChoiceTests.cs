using EmailTracking.Tests.Unit.Simulation;
using EmailTracking.Tracking.Deciding;
using static EmailTracking.Tests.Unit.Tracking.Known;

namespace EmailTracking.Tests.Unit.Tracking;

public sealed class RecordChoiceTests
{
    private static readonly RecordReference One = Reference("contact", 1);
    private static readonly RecordReference Two = Reference("contact", 2);
    private static readonly RecordReference User = Reference("systemuser", 3);

    public static TheoryData<string, RecordReference?, RecordLife?, RecordReference?, bool, string?> Cases => new()
    {
        //                                        asked  as it stands                                              chosen now -> changes, problem
        { "a record that is there",               One,   new RecordLife(One, true, null, null),                    null,  true,  null },
        { "an inactive one as well",              One,   new RecordLife(One, false, null, null),                   null,  true,  null },
        { "a converted lead as well",             One,   new RecordLife(One, false, Reference("account", 5), null), null, true,  null },
        { "another than is chosen",               One,   new RecordLife(One, true, null, null),                    Two,   true,  null },
        { "the same again",                       One,   new RecordLife(One, true, null, null),                    One,   false, null },
        { "taken back",                           null,  null,                                                     One,   true,  null },
        { "taken back when nobody chose",         null,  null,                                                     null,  false, null },
        { "one that nobody loaded",               One,   null,                                                     null,  false, "There is no record" },
        { "a deleted one",                        One,   new RecordLife(One, true, null, DateTimeOffset.UnixEpoch), null, false, "is deleted" },
        { "a merged one",                         One,   new RecordLife(One, false, Two, null),                    null,  false, $"is merged into {Two}" },
        { "a disabled user",                      User,  new RecordLife(User, false, null, null),                  null,  false, "disabled user" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_choice_is_decided_by_what_the_record_is(
        string name, RecordReference? asked, RecordLife? life, RecordReference? standing, bool changes, string? problem)
    {
        Assert.NotEmpty(name);
        var (decided, said) = RecordChoices.Decide(
            new RecordChoice(SimMail.Address("bo@fabrikam.com"), asked, "Ana"), life, standing);
        Assert.Equal(changes, decided);
        Assert.Equal(problem is null, said is null);
        Assert.Contains(problem ?? "", said ?? "", StringComparison.Ordinal);
    }
}
