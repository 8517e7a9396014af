using EmailTracking.Client.RecordFiles;
using EmailTracking.Organizations;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Unit.Client;

public sealed class RecordFileTests : IDisposable
{
    private const string Id = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";
    private static readonly KnownTables Known = new([]);
    private readonly FakeCluster _cluster = new();
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"name":"a"}""",                                                        "logicalname is missing")]
    [InlineData("""{"logicalname":"my contact","name":"a"}""",                             "is no logical name")]
    [InlineData("""{"logicalname":"contact"}""",                                           "needs a name or an address")]
    [InlineData("""{"logicalname":"contact","id":"7"}""",                                  "id '7' is no id")]
    [InlineData("""{"logicalname":"contact","name":"a","emailaddress1":"nobody"}""",       "emailaddress1 'nobody' is no address")]
    [InlineData("""{"logicalname":"contact","name":"a","addresses":["a@b.c","x"]}""",      "addresses 'x' is no address")]
    [InlineData("""{"logicalname":"contact","name":"a","statecode":"active"}""",           "statecode is a number")]
    [InlineData("""{"logicalname":"contact","name":"a","ownerid":"ana"}""",                "ownerid 'ana' is no id")]
    [InlineData("""{"logicalname":"contact","name":"a","createdon":"yesterday"}""",        "createdon is a date")]
    [InlineData("""{"logicalname":"mailbox","filter":1}""",                                "address is missing")]
    [InlineData("""{"logicalname":"mailbox","address":"a@b.c","filter":5}""",              "filter is a number from 0 to 4, not '5'")]
    [InlineData("""{"logicalname":"mailbox","address":"a@b.c","queue":"perhaps"}""",       "queue is true or false")]
    [InlineData("""{"logicalname":"mailbox","address":"a@b.c","owner":"ana"}""",           "owner 'ana' is no record")]
    [InlineData("""{"logicalname":"mailboxtrackingfolder","mailbox":"a@b.c"}""",           "folder is missing")]
    [InlineData("""["contact"]""",                                                         "no JSON object")]
    [InlineData("""{"logicalname":"contact" "name":"a"}""",                                "no JSON (at character 26)")]
    [InlineData("""{"logicalname":"contact","name":{"first":"a"}}""",                      "name is neither text")]
    public void A_line_that_is_wrong_says_what_is_wrong(string line, string problem)
    {
        var path = _folder.Write("a.jsonl", $"{{\"logicalname\":\"contact\",\"name\":\"right\"}}\n\n{line}\n");

        var check = Check(path);

        Assert.StartsWith("line 3: ", Assert.Single(check.Problems), StringComparison.Ordinal);
        Assert.Contains(problem, check.Problems[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name,emailaddress1\na,a@b.c\n",                         "line 1: The first line names the columns")]
    [InlineData("logicalname,name,name\ncontact,a,b\n",                  "line 1: Column name is there twice")]
    [InlineData("logicalname,name\ncontact\n",                           "line 2: The row has 1 fields, the header 2")]
    [InlineData("logicalname,name\ncontact,\"a\nb\"\ncontact\n",         "line 4: The row has 1 fields")]
    [InlineData("logicalname,name\ncontact,\"a\n",                       "line 2: A quoted field does not end")]
    [InlineData("logicalname,name\ncontact,\"a\"b\n",                    "line 2: A quoted field does not end, or something stands behind")]
    [InlineData("",                                                      "line 1: The first line names the columns")]
    public void A_table_that_is_wrong_says_where(string text, string problem)
    {
        var check = Check(_folder.Write("a.csv", text));

        Assert.Contains(check.Problems, one => one.StartsWith(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("logicalname,name,emailaddress1,addresses,createdon\n contact ,\"Silva, \"\"Ana\"\"\",ana@b.c,x@b.c;y@b.c,2026-01-05\n")]
    [InlineData("\uFEFFLogicalName;Name;EmailAddress1;addresses;createdon\r\ncontact;\"Silva, \"\"Ana\"\"\";ANA@b.c;x@b.c y@b.c;2026-01-05T00:00:00Z\r\n\r\n")]
    public void A_table_is_read_as_spreadsheets_write_it(string text)
    {
        var record = Record(RecordFile.Read(_folder.Write("a.csv", text)).Single());

        Assert.Equal("contact", record.Facts.Reference.LogicalName);
        Assert.Equal("Silva, \"Ana\"", record.Name);
        Assert.Equal(["ana@b.c", "x@b.c", "y@b.c"], record.Addresses.Select(one => one.Value));
        Assert.Equal(new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero), record.Facts.CreatedOn);
        Assert.True(record.Facts.IsActive);
    }

    [Fact]
    public void A_record_without_an_id_has_the_same_one_every_time()
    {
        const string text = """{"logicalname":"contact","name":"Ana","emailaddress1":"ana@b.c"}""";
        var ids = new[] { text, text, text.Replace("Ana", "Bo", StringComparison.Ordinal) }
            .Select((line, i) => Record(RecordFile.Read(_folder.Write($"{i}.jsonl", line)).Single()).Facts.Reference.Id)
            .ToArray();

        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[0], ids[2]);
    }

    [Fact]
    public void A_record_twice_is_wrong()
    {
        var line = $$"""{"logicalname":"contact","id":"{{Id}}"}""";

        var check = Check(_folder.Write("a.jsonl", $"{line}\n{line}\n"));

        Assert.StartsWith($"line 2: contact/{Id} stands in line 1 already", Assert.Single(check.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_UTF_8_is_wrong()
    {
        var path = Path.Combine(_folder.Path, "a.csv");
        File.WriteAllBytes(path, [.. "logicalname,name\ncontact,J"u8, 0xFC, .. "rgen\n"u8]);

        Assert.Contains("not UTF-8", Assert.Single(Check(path).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_one_wrong_line_nothing_is_loaded()
    {
        var ran = await LoadAsync("""{"logicalname":"contact","name":"a"}""", "{}");

        Assert.Equal(1, ran.Code);
        Assert.Contains("a.jsonl, line 2: logicalname is missing", ran.Errors, StringComparison.Ordinal);
        Assert.Empty(_cluster.Records);
    }

    [Fact]
    public async Task Records_are_sent_in_pages_of_a_thousand()
    {
        var ran = await LoadAsync([.. Enumerable.Range(0, 2500).Select(i => $$"""{"logicalname":"contact","name":"{{i}}","colour":"red"}""")]);

        Assert.Equal(0, ran.Code);
        Assert.Equal([1000, 1000, 500], _cluster.RecordPages);
        Assert.Contains("Loaded 2,500 records", ran.Output, StringComparison.Ordinal);
        Assert.Contains("Fields that are not read: colour", ran.Output, StringComparison.Ordinal);
    }

    [Theory]
    //          emails of each page  -> loaded, and what is said
    [InlineData(0,                   true,  "Loaded 1,500 records")]
    [InlineData(50,                  true,  "Up to 51 emails are linked again")]       // One is of both pages.
    [InlineData(51,                  true,  "Up to 52 emails are linked again")]
    [InlineData(100,                 false, "That may link 101 emails anew. Nothing was loaded; to load it: emailtracking records load")]
    [InlineData(4_999,               false, "That may link 5,000 or more emails anew")]
    [InlineData(5_000,               false, "That may link 5,000 or more emails anew")]
    public async Task What_may_link_many_emails_anew_is_said_first_and_wants_a_yes(int emails, bool isLoaded, string said)
    {
        string[] lines = [.. Enumerable.Range(0, 1_500).Select(i => $$"""{"logicalname":"contact","name":"{{i}}"}""")];
        _cluster.Relinked = page => [.. Enumerable.Range(page.Length == 1_000 ? 0 : 1, emails).Select(row => (long)row)];

        var ran = await LoadAsync(lines);

        Assert.Equal(isLoaded ? 0 : 1, ran.Code);
        Assert.Contains(said, ran.Output + ran.Errors, StringComparison.Ordinal);
        Assert.Equal(isLoaded ? 1_500 : 0, _cluster.Records.Count);
        _cluster.Records.Clear();
        _cluster.Relinked = _ => throw new InvalidOperationException("Nobody asked.");
        var sure = await Shell.RunAsync(_cluster, "records", "load", "--yes", _folder.Write("b.jsonl", string.Join('\n', lines)));
        Assert.Equal((0, 1_500), (sure.Code, _cluster.Records.Count));
    }

    [Fact]
    public async Task A_folder_goes_to_the_mailbox_that_its_user_gets()
    {
        await LoadAsync(
            $$"""{"logicalname":"mailboxtrackingfolder","mailbox":"bo@contoso.com","folder":"Fabrikam","regardingobjectid":"account/{{Id}}"}""",
            """{"logicalname":"systemuser","name":"Bo","emailaddress1":"bo@contoso.com"}""");

        var mailbox = _cluster.Mailboxes[Rows.Address("bo@contoso.com")];
        Assert.Equal(new TrackingFolder("Fabrikam", new RecordReference("account", Guid.Parse(Id))), Assert.Single(mailbox.Folders));
        Assert.Equal(FilterMethod.Replies, mailbox.Filter);
        Assert.Equal("systemuser", mailbox.Owner?.LogicalName);
    }

    [Fact]
    public async Task A_mailbox_line_changes_only_what_it_names()
    {
        var before = new MailboxFacts(Rows.Address("bo@contoso.com"), new RecordReference("queue", Guid.Parse(Id)), true, FilterMethod.All, []);
        _cluster.Mailboxes[before.Address] = before;

        await LoadAsync("""{"logicalname":"mailbox","address":"bo@contoso.com","filter":4}""");

        Assert.Equal(before with { Filter = FilterMethod.None }, _cluster.Mailboxes[before.Address]);
    }

    [Theory]
    [InlineData(1, "There is no mailbox nobody@contoso.com", "nobody@contoso.com")]
    [InlineData(26, "at most 25", "bo@contoso.com")]
    public async Task Folders_that_no_mailbox_can_take_are_refused_before_anything_is_loaded(int count, string problem, string mailbox)
    {
        _cluster.Mailboxes[Rows.Address("bo@contoso.com")] = new(Rows.Address("bo@contoso.com"), null, false, FilterMethod.All, []);

        var ran = await LoadAsync(
        [
            """{"logicalname":"contact","name":"a"}""",
            .. Enumerable.Range(0, count).Select(i => $$"""{"logicalname":"mailboxtrackingfolder","mailbox":"{{mailbox}}","folder":"{{i}}"}"""),
        ]);

        Assert.Equal(1, ran.Code);
        Assert.Contains(problem, ran.Errors, StringComparison.Ordinal);
        Assert.Empty(_cluster.Records);
    }

    private Task<Ran> LoadAsync(params string[] lines) =>
        Shell.RunAsync(_cluster, "records", "load", _folder.Write("a.jsonl", string.Join('\n', lines)));

    private static RecordCheck Check(string path) => RecordCheck.Of(RecordFile.Read(path), Known);

    private static CrmRecord Record(RecordRow row) => Assert.IsType<RecordLine.Record>(new RecordLines(Known).Parse(row)).Value;
}
