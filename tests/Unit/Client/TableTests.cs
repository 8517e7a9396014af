using EmailTracking.Organizations;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Unit.Client;

/// <summary>Tables that people describe, and records of them.</summary>
public sealed class TableTests : IDisposable
{
    private const string Id = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";
    private const string Site = "tables set new_site --email new_mail,new_backupmail --name new_name --owner ownerid --state statecode";
    private const string Header = "logicalname,id,new_name,new_mail,new_backupmail,ownerid,statecode";

    private readonly FakeCluster _cluster = new();
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Records_of_a_table_that_was_described_are_read_by_its_columns()
    {
        Assert.Equal(0, (await RunAsync(Site)).Code);

        var ran = await LoadAsync($"{Header},new_oldmail\nnew_site,{Id},North,n@fabrikam.example,m@fabrikam.example,{Id},1,old@fabrikam.example\n");

        Assert.Equal(0, ran.Code);
        var record = Assert.Single(_cluster.Records);
        Assert.Equal(("new_site", "North", false), (record.Facts.Reference.LogicalName, record.Name, record.Facts.IsActive));
        Assert.Equal(Guid.Parse(Id), record.Facts.OwnerId);

        // An address in a column that is no e-mail column is nobody's.
        Assert.Equal(["n@fabrikam.example", "m@fabrikam.example"], record.Addresses.Select(one => one.Value));
        Assert.Contains("Fields that are not read: new_oldmail", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_of_a_table_that_nobody_described_is_refused_and_nothing_is_loaded()
    {
        await RunAsync(Site);

        var ran = await LoadAsync($"{Header}\n{string.Concat(Enumerable.Repeat($"new_site,,North,n@fabrikam.example,,,\n", 1))}\n\n\n\nnew_sites,,South,s@fabrikam.example,,,\n");

        Assert.Equal(1, ran.Code);
        Assert.Contains("line 7: there is no table new_sites. Describe it first: emailtracking tables set new_sites --email", ran.Errors, StringComparison.Ordinal);
        Assert.Empty(_cluster.Records);
    }

    [Theory]
    [InlineData("a.csv", "logicalname,new_name,new_mail,ownerid,statecode\ncontact,Ana,,,\nnew_site,North,n@fabrikam.example,,\n", "line 3: new_backupmail of new_site is missing")]
    [InlineData("a.csv", "logicalname,new_mail,new_backupmail,new_name,ownerid\nnew_site,n@fabrikam.example,,N,\n",                  "line 2: statecode of new_site is missing")]
    [InlineData("a.jsonl", "{\"logicalname\":\"new_site\",\"new_name\":\"N\",\"new_mail\":\"n@b.c\",\"ownerid\":null,\"statecode\":0}\n",     "line 1: new_backupmail of new_site is missing")]
    public async Task A_file_that_lacks_a_column_of_the_definition_is_refused_with_line_field_and_advice(string name, string text, string problem)
    {
        await RunAsync(Site);

        var ran = await Shell.RunAsync(_cluster, "records", "load", _folder.Write(name, text));

        Assert.Equal(1, ran.Code);
        Assert.Contains(problem, ran.Errors, StringComparison.Ordinal);
        Assert.Contains("Add the field (it may be blank)", ran.Errors, StringComparison.Ordinal);
        Assert.Empty(_cluster.Records);
    }

    [Fact]
    public async Task A_blank_column_of_the_definition_is_there()
    {
        await RunAsync(Site);

        var ran = await LoadAsync(
            """
            {"logicalname":"new_site","new_name":"N","new_mail":"n@b.c","new_backupmail":null,"ownerid":null,"statecode":0}
            {"logicalname":"new_site","new_name":"M"}
            """,
            "a.jsonl");

        Assert.Equal((0, 2), (ran.Code, _cluster.Records.Count));
    }

    [Theory]
    [InlineData("systemuser",   "internalemailaddress", "personalemailaddress")]
    [InlineData("queue",        "emailaddress",         "emailaddress1")]
    [InlineData("team",         "emailaddress",         "addresses")]
    [InlineData("equipment",    "emailaddress",         "emailaddress2")]
    [InlineData("businessunit", "emailaddress",         "emailaddress3")]
    [InlineData("incident",     "emailaddress",         "emailaddress1")]
    [InlineData("opportunity",  "emailaddress",         "emailaddress1")]
    [InlineData("contact",      "emailaddress1",        "emailaddress3")]
    [InlineData("account",      "emailaddress2",        "emailaddress3")]
    [InlineData("lead",         "emailaddress1",        "addresses")]
    public async Task The_tables_of_Dataverse_have_its_columns_and_the_general_ones(string table, string one, string other)
    {
        var ran = await LoadAsync($"logicalname,name,{one},{other}\n{table},N,a@b.c,d@e.f\n");

        Assert.Equal(0, ran.Code);
        Assert.Equal(["a@b.c", "d@e.f"], Assert.Single(_cluster.Records).Addresses.Select(address => address.Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_disabled_user_is_not_active_and_an_export_names_and_numbers_records_as_Dataverse_does()
    {
        await LoadAsync($"logicalname,systemuserid,fullname,internalemailaddress,isdisabled\nsystemuser,{Id},Bo,bo@contoso.com,True\n");

        var record = Assert.Single(_cluster.Records);
        Assert.Equal((Guid.Parse(Id), "Bo", false), (record.Facts.Reference.Id, record.Name, record.Facts.IsActive));
    }

    [Theory]
    [InlineData("incident", "customerid",       "account")]
    [InlineData("contact",  "parentcustomerid", "account")]
    [InlineData("incident", "parentcontactid",  "contact")]
    public async Task A_record_belongs_to_a_customer(string table, string field, string customer)
    {
        await LoadAsync($"logicalname,name,{field}\n{table},N,{customer}/{Id}\n");

        Assert.Equal(new RecordReference(customer, Guid.Parse(Id)), Assert.Single(_cluster.Records).Customer);
    }

    [Theory]
    [InlineData("tables set new_site",                                             "new_site is new: name its e-mail columns")]
    [InlineData("tables set New-Site --email a --name b",                          "'New-Site' is no logical name")]
    [InlineData("tables set mailbox --email a --name b",                           "mailbox is no table of records")]
    [InlineData("tables set new_site --email a,a --name b",                        "Column a of new_site is named twice")]
    [InlineData("tables set new_site --email id --name b",                         "'id' is no column of new_site")]
    [InlineData("tables set new_site --email a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u --name x", "has 1 to 20 e-mail columns")]
    [InlineData("tables remove new_site",                                          "Nobody described a table new_site")]
    [InlineData("tables load nothing.json",                                        "There is no file nothing.json")]
    public async Task What_makes_no_sense_is_refused_and_describes_nothing(string line, string problem)
    {
        var ran = await RunAsync(line);

        Assert.Equal(1, ran.Code);
        Assert.Contains(problem, ran.Errors, StringComparison.Ordinal);
        Assert.Empty(_cluster.Described);
    }

    [Fact]
    public async Task What_is_not_given_stays_and_a_removed_table_is_what_Dataverse_has()
    {
        await RunAsync("tables set contact --email new_mail");
        Assert.Equal(("fullname", "statecode"), (_cluster.Described["contact"].NameColumn, _cluster.Described["contact"].StateColumn));
        await RunAsync("tables set contact --activities false");
        Assert.Equal("new_mail", Assert.Single(_cluster.Described["contact"].EmailColumns));
        Assert.False(_cluster.Described["contact"].IsActivityEnabled);
        Assert.Contains("for this organization", (await RunAsync("tables list")).Output, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync("tables remove contact")).Code);

        Assert.DoesNotContain("for this organization", (await RunAsync("tables list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_describes_all_its_tables_or_none()
    {
        var right = """{"logicalname":"new_site","email":["new_mail"],"name":"new_name","activities":false}""";

        var wrong = await RunAsync($"tables load {_folder.Write("a.json", $"[{right}, {right.Replace("new_site", "New Site", StringComparison.Ordinal)}]")}");
        Assert.Equal(1, wrong.Code);
        Assert.Contains("table 2: 'New Site' is no logical name", wrong.Errors, StringComparison.Ordinal);
        Assert.Empty(_cluster.Described);
        Assert.Contains("line 1: not as it should be", (await RunAsync($"tables load {_folder.Write("b.json", """[{"table":"x"}]""")}")).Errors, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync($"tables load {_folder.Write("c.json", $"[{right}]")}")).Code);
        Assert.Equal(
            new TableDefinition { LogicalName = "new_site", EmailColumns = ["new_mail"], NameColumn = "new_name", IsActivityEnabled = false },
            Assert.Single(_cluster.Described.Values));
    }

    [Fact]
    public async Task Mail_is_not_about_records_of_a_table_that_takes_no_activities()
    {
        await RunAsync($"{Site} --activities false");
        _cluster.Mailboxes[Rows.Address("bo@contoso.com")] = new(Rows.Address("bo@contoso.com"), null, false, FilterMethod.All, []);

        var ran = await LoadAsync(
            $$"""{"logicalname":"mailboxtrackingfolder","mailbox":"bo@contoso.com","folder":"A","regardingobjectid":"new_site/{{Id}}"}""", "a.jsonl");

        Assert.Equal(1, ran.Code);
        Assert.Contains("line 1: regardingobjectid new_site/", ran.Errors, StringComparison.Ordinal);
        Assert.Contains("take no activities", ran.Errors, StringComparison.Ordinal);
    }

    private Task<Ran> RunAsync(string line) => Shell.RunAsync(_cluster, line.Split(' '));

    private Task<Ran> LoadAsync(string text, string name = "a.csv") => Shell.RunAsync(_cluster, "records", "load", _folder.Write(name, text));
}
