using System.Text;
using EmailTracking.Client.Commands;
using Spectre.Console;

namespace EmailTracking.Tests.Unit.Client;

/// <summary>Record files as they should not be: each is refused by its line, or loads as it is meant; never half of it.</summary>
public sealed class BadRecordFileTests : IDisposable
{
    private readonly FakeCluster _cluster = new();
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.csv", "\uFEFFlogicalname,name\ncontact,Jürgen\n")]
    [InlineData("a.jsonl", "\uFEFF{\"logicalname\":\"contact\",\"name\":\"Jürgen\"}\n")]
    public async Task A_byte_order_mark_is_no_part_of_the_first_field(string name, string text)
    {
        Assert.Equal(0, (await LoadAsync(name, Encoding.UTF8.GetBytes(text))).Code);

        Assert.Equal("Jürgen", Assert.Single(_cluster.Records).Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    public async Task Wrong_UTF_8_is_found_in_its_line_with_or_without_a_mark(string mark)
    {
        var before = string.Concat(Enumerable.Range(2, 40_000).Select(i => $"contact,Person {i}\n"));

        var ran = await LoadAsync("a.csv", [.. Encoding.UTF8.GetBytes($"{mark}logicalname,name\n{before}contact,J"), 0xFC, .. "rgen\n"u8]);

        AssertRefused(ran, "line 40002: The line is not UTF-8. Save the file as UTF-8.");
    }

    [Fact]
    public async Task A_file_in_UTF_16_is_refused() =>
        AssertRefused(await LoadAsync("a.csv", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("logicalname,name\ncontact,Ana\n")]), "line 1: ");

    [Theory]
    [InlineData("contact\n",                "line 3: The row has 1 fields, the header 2")]
    [InlineData("contact,Ana,a@b.c\n",      "line 3: The row has 3 fields, the header 2")]
    [InlineData("contact,Ana,\n",           "line 3: The row has 3 fields, the header 2")]
    public async Task A_ragged_line_is_refused_by_its_number(string row, string problem) =>
        AssertRefused(await LoadAsync("a.csv", Encoding.UTF8.GetBytes($"logicalname,name\ncontact,Ana\n{row}")), problem);

    [Theory]
    [InlineData("a.csv",   "logicalname,name\ncontact,Ana\ncontact,{0}\n",                                              "line 3: The row is longer than")]
    [InlineData("a.csv",   "logicalname,name\ncontact,Ana\ncontact,\"{0}\"\n",                                          "line 3: A quoted field does not end")]
    [InlineData("a.csv",   "logicalname,{0}\ncontact,Ana\n",                                                            "line 1: The first line is longer than")]
    [InlineData("a.jsonl", "{{\"logicalname\":\"contact\",\"name\":\"Ana\"}}\n\n{{\"logicalname\":\"contact\",\"name\":\"{0}\"}}\n", "line 3: The line is longer than")]
    public async Task A_field_of_ten_megabytes_is_refused_without_being_kept(string name, string text, string problem) =>
        AssertRefused(await LoadAsync(name, Encoding.UTF8.GetBytes(string.Format(null, text, new string('x', 10_000_000)))), problem);

    [Theory]
    [InlineData("""{"logicalname":"contact","name":"Ana","name":"Bo"}""",                 "line 2: name is there twice")]
    [InlineData("""{"logicalname":"contact","name":"Ana","Name":""}""",                   "line 2: Name is there twice")]
    [InlineData("""{"logicalname":"contact","name":"\uD800"}""",                          "line 2: The line holds half a character")]
    public async Task A_key_twice_in_an_object_is_refused(string line, string problem) =>
        AssertRefused(await LoadAsync("a.jsonl", Encoding.UTF8.GetBytes($"{{\"logicalname\":\"contact\",\"name\":\"Cy\"}}\n{line}\n")), problem);

    [Fact]
    public async Task A_record_twice_is_refused_with_both_lines()
    {
        const string row = "contact,3f2504e0-4f89-11d3-9a0c-0305e82c3301,Ana\n";

        AssertRefused(
            await LoadAsync("a.csv", Encoding.UTF8.GetBytes($"logicalname,id,name\n{row}contact,,Bo\n{row}")),
            "line 4: contact/3f2504e0-4f89-11d3-9a0c-0305e82c3301 stands in line 2 already");
    }

    [Fact]
    public async Task An_address_of_thirty_thousand_records_loads_and_is_told()
    {
        var rows = string.Concat(Enumerable.Range(0, 30_000).Select(i => $"contact,Person {i},info@fabrikam.example,p{i}@fabrikam.example\n"));

        var ran = await LoadAsync("a.csv", Encoding.UTF8.GetBytes($"logicalname,name,emailaddress1,emailaddress2\n{rows}"));

        Assert.Equal((0, 30_000), (ran.Code, _cluster.Records.Count));
        Assert.Contains("info@fabrikam.example: shared by 30,000 records", ran.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("p1@fabrikam.example", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_terminal_a_bar_shows_how_far_the_load_is()
    {
        var path = _folder.Write("a.csv", "logicalname,name\ncontact,Ana\n");
        var errors = new StringWriter();
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(errors),
        });

        await CommandLine.RunAsync(["records", "load", path], terminal, terminal, (_, _) => Task.FromResult(_cluster.Client()));

        Assert.Contains("Loading", errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("100%", errors.ToString(), StringComparison.Ordinal);
    }

    private void AssertRefused(Ran ran, string problem)
    {
        Assert.Equal(1, ran.Code);
        Assert.Contains($"a.{(ran.Errors.Contains("a.csv", StringComparison.Ordinal) ? "csv" : "jsonl")}, {problem}", ran.Errors, StringComparison.Ordinal);
        Assert.Contains("Nothing was loaded", ran.Errors, StringComparison.Ordinal);
        Assert.Empty(_cluster.Records);
    }

    private async Task<Ran> LoadAsync(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder.Path, name);
        await File.WriteAllBytesAsync(path, bytes);
        return await Shell.RunAsync(_cluster, "records", "load", path);
    }
}
