using CsCheck;

namespace EmailTracking.Tests.Storage.Orleans;

public sealed class ReminderTests(TwoSilos cluster) : IClassFixture<TwoSilos>
{
    private static readonly DateTime Start = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private readonly IReminderTable _table = cluster.Reminders;

    [Theory]
    [InlineData(60_000)]         // One minute, the shortest that Orleans takes.
    [InlineData(31_536_000_000)] // One year, which no int of milliseconds holds.
    public async Task A_reminder_is_read_back_as_it_was_written(long milliseconds)
    {
        var entry = Entry($"m:{milliseconds}", TimeSpan.FromMilliseconds(milliseconds));
        var version = await UpsertAsync(entry);

        var read = await _table.ReadRow(entry.GrainId, entry.ReminderName);

        Assert.Equal((entry.GrainId, entry.ReminderName, entry.StartAt, entry.Period, version),
            (read!.GrainId, read.ReminderName, read.StartAt, read.Period, read.ETag));
    }

    [Fact]
    public async Task Registered_again_there_is_still_one()
    {
        await _table.UpsertRow(Entry("m:again", TimeSpan.FromMinutes(1)));
        await _table.UpsertRow(Entry("m:again", TimeSpan.FromMinutes(2)));

        var read = Assert.Single((await _table.ReadRows(Id("m:again"))).Reminders);

        Assert.Equal(TimeSpan.FromMinutes(2), read.Period);
    }

    [Fact]
    public async Task Registered_by_many_at_once_there_is_one_and_the_last_version_removes_it()
    {
        var versions = await cluster.Orleans.RaceAsync(
            "lock table orleans.reminder in share mode", 8, number => UpsertAsync(Entry("m:many", TimeSpan.FromMinutes(number + 1))));
        var read = Assert.Single((await _table.ReadRows(Id("m:many"))).Reminders);

        Assert.Equal(8, versions.Distinct().Count());
        Assert.Contains(read.ETag, versions);
        foreach (var stale in versions.Where(version => version != read.ETag))
        {
            Assert.False(await _table.RemoveRow(read.GrainId, read.ReminderName, stale));
        }

        Assert.True(await _table.RemoveRow(read.GrainId, read.ReminderName, read.ETag!));
        Assert.Null(await _table.ReadRow(read.GrainId, read.ReminderName));
    }

    [Fact]
    public async Task A_version_from_before_a_removal_does_not_remove_what_came_after()
    {
        var entry = Entry("m:before", TimeSpan.FromMinutes(1));
        var before = await UpsertAsync(entry);
        Assert.True(await _table.RemoveRow(entry.GrainId, entry.ReminderName, before));
        await _table.UpsertRow(entry);

        Assert.False(await _table.RemoveRow(entry.GrainId, entry.ReminderName, before));
    }

    [Fact]
    public async Task A_range_is_what_lies_after_its_begin_up_to_its_end_round_the_ring()
    {
        var entries = Enumerable.Range(0, 64).Select(number => Entry($"m:range:{number}", TimeSpan.FromMinutes(1))).ToArray();
        await Task.WhenAll(entries.Select(entry => _table.UpsertRow(entry)));
        var hashes = entries.Select(entry => entry.GrainId.GetUniformHashCode()).ToArray();

        // Ends of ranges that are hashes themselves, and the places where unsigned and signed order part.
        var edge = Gen.OneOf(Gen.UInt, Gen.OneOfConst<uint>(hashes), Gen.OneOfConst<uint>(0, 1, 0x7FFF_FFFF, 0x8000_0000, uint.MaxValue));

        await Gen.Select(edge, edge).SampleAsync(
            async (begin, end) =>
            {
                var read = (await _table.ReadRows(begin, end)).Reminders
                    .Select(reminder => reminder.GrainId)
                    .Where(grain => grain.Key.ToString()!.StartsWith("m:range:", StringComparison.Ordinal));
                var expected = entries.Select(entry => entry.GrainId)
                    .Where(grain => IsInRange(grain.GetUniformHashCode(), begin, end));
                return read.Order().SequenceEqual(expected.Order());
            },
            iter: 200);
    }

    private static bool IsInRange(uint hash, uint begin, uint end) =>
        begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;

    private async Task<string> UpsertAsync(ReminderEntry entry) => (await _table.UpsertRow(entry))!;

    private static GrainId Id(string key) => GrainId.Create("tally", key);

    private static ReminderEntry Entry(string key, TimeSpan period) =>
        new() { GrainId = Id(key), ReminderName = "poll", StartAt = Start, Period = period };
}
