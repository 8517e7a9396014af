using System.Collections.Immutable;
using EmailTracking.Organizations;
using EmailTracking.Storage;
using EmailTracking.Tests.Unit.Simulation;
using EmailTracking.Tracking.Deciding;
using static EmailTracking.Tests.Unit.Tracking.Known;

namespace EmailTracking.Tests.Unit.Client;

/// <summary>Which addresses a load of one record concerns.</summary>
public sealed class LoadedRecordsTests
{
    private static readonly RecordFacts Contact = Record("contact", 1);
    private static readonly RecordLife Lives = new(Contact.Reference, true, null, null);

    private static readonly Dictionary<string, (CrmRecord? Standing, RecordLife? Life)> Standing = new()
    {
        ["none"] = (null, null),
        ["the same"] = (Of(Contact, "a b"), Lives),
        ["another name"] = (Of(Contact, "a b") with { Name = "before" }, Lives),
        ["another address"] = (Of(Contact, "b c"), Lives),
        ["another owner"] = (Of(Contact with { OwnerId = Id(5) }, "a c"), Lives),
        ["inactive"] = (Of(Contact with { IsActive = false }, "a b"), Lives with { IsActive = false }),
        ["merged"] = (Of(Contact with { IsActive = false }, "a b"), new(Contact.Reference, false, Reference("contact", 2), null)),
        ["deleted"] = (Of(Contact, "a b"), Lives with { DeletedOn = DateTimeOffset.UnixEpoch }),
    };

    [Theory]
    //          it stands as          -> concerned, when it is loaded with a and b
    [InlineData("none",               "a b")]
    [InlineData("the same",           "")]
    [InlineData("another name",       "")]
    [InlineData("another address",    "a c")]
    [InlineData("another owner",      "a b c")]
    [InlineData("inactive",           "a b")]
    [InlineData("merged",             "")]          // It stays inactive.
    [InlineData("deleted",            "a b")]       // It is there again.
    public void Only_what_changes_is_concerned(string standing, string concerned)
    {
        var (record, life) = Standing[standing];
        Assert.Equal(
            concerned,
            string.Join(' ', LoadedRecords.Concerned(Of(Contact, "a b"), record, life).Select(address => address.Value[0]).Order()));
    }

    private static CrmRecord Of(RecordFacts facts, string addresses) =>
        new(facts, "N", addresses.Split(' ').Select(one => SimMail.Address($"{one}@x.com")).ToImmutableArray());
}
