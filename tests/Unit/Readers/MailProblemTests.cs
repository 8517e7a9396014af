using EmailTracking.Client.Readers;

namespace EmailTracking.Tests.Unit.Readers;

public class MailProblemTests
{
    private static readonly string _first = Reading.Mail("first");
    private static readonly string _second = Reading.Mail("second");

    [Fact]
    public async Task A_compressed_mailbox_is_known_by_its_bytes()
    {
        var items = await Reading.ReadAsync(Reading.Gzip(Reading.Bytes(Reading.Mbox(_first, _second))), name: "plain.mbox");

        Assert.Equal([_first, _second], items.Select(Reading.Text));
    }

    [Fact]
    public async Task A_compressed_message_is_read()
    {
        var item = Assert.Single(await Reading.ReadAsync(Reading.Gzip(Reading.Bytes(_first))));

        Assert.Equal((_first, null), (Reading.Text(item), item.Problem));
    }

    [Fact]
    public async Task Members_of_a_compressed_file_follow_each_other()
    {
        var one = Reading.Gzip(Reading.Bytes(Reading.Mbox(_first)));
        var two = Reading.Gzip(Reading.Bytes(Reading.Mbox(_second)));

        var items = await Reading.ReadAsync([.. one, .. two], new MailFilesOptions { ReadBufferBytes = 7 });

        Assert.Equal([_first, _second], items.Select(Reading.Text));
        Assert.All(items, item => Assert.Null(item.Problem));
    }

    [Fact]
    public async Task Padding_behind_a_compressed_file_is_no_problem()
    {
        var item = Assert.Single(await Reading.ReadAsync([.. Reading.Gzip(Reading.Bytes(_first)), .. new byte[512]]));

        Assert.Equal((_first, null), (Reading.Text(item), item.Problem));
    }

    [Fact]
    public async Task Nothing_compressed_is_an_empty_file()
    {
        var item = Assert.Single(await Reading.ReadAsync(Reading.Gzip([])));

        Assert.Equal(Assert.Single(await Reading.ReadAsync("")).Problem, item.Problem);
    }

    [Fact]
    public async Task A_compressed_message_that_was_cut_keeps_what_there_is()
    {
        var compressed = Reading.Gzip(Reading.Bytes(_first + new string('x', 100)));

        var item = Assert.Single(await Reading.ReadAsync(compressed[..^9]));

        Assert.Equal(MailProblemKind.Truncated, item.Problem?.Kind);
        Assert.StartsWith(_first, Reading.Text(item), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_in_a_compressed_mailbox_is_told_from_a_cut()
    {
        var compressed = Reading.Gzip(Reading.Bytes(Reading.Mbox(_first, _second)));
        compressed[^5] ^= 0xFF;

        var items = await Reading.ReadAsync(compressed, new MailFilesOptions { ReadBufferBytes = 16 });

        Assert.Equal(MailProblemKind.Unreadable, items[^1].Problem?.Kind);
        Assert.Equal(_first, Reading.Text(items[0]));
    }

    [Fact]
    public async Task A_mailbox_that_ends_inside_a_line_keeps_its_last_message_and_says_so()
    {
        var items = await Reading.ReadAsync(Reading.Mbox(_first, _second)[..^4]);

        Assert.Equal([null, MailProblemKind.Truncated], items.Select(item => item.Problem?.Kind));
        Assert.Equal([_first, _second[..^3]], items.Select(Reading.Text));
    }

    [Fact]
    public async Task A_mailbox_that_ends_inside_a_separator_tells_of_the_message_behind_it()
    {
        var items = await Reading.ReadAsync(Reading.Mbox(_first) + Reading.Separator);

        Assert.Equal([null, MailProblemKind.Truncated], items.Select(item => item.Problem?.Kind));
        Assert.Equal([_first, ""], items.Select(Reading.Text));
    }

    [Fact]
    public async Task A_message_without_a_last_line_end_is_whole()
    {
        var item = Assert.Single(await Reading.ReadAsync(_first[..^1]));

        Assert.Equal((_first[..^1], null), (Reading.Text(item), item.Problem));
    }

    [Fact]
    public async Task A_failing_disk_loses_only_what_it_fails_on()
    {
        var failAt = Reading.Mbox(_first).Length + Reading.Separator.Length + 20;
        using var stream = new FailingStream(Reading.Bytes(Reading.Mbox(_first, _second)), failAt);

        var items = await MailFiles.Read(stream, "mail").ToListAsync();

        Assert.Equal([null, MailProblemKind.Unreadable], items.Select(item => item.Problem?.Kind));
        Assert.Equal(_first, Reading.Text(items[0]));
        Assert.Equal(_second[..19], Reading.Text(items[1]));
        Assert.Contains("disk on fire", items[1].Problem!.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("compressed")]
    [InlineData("plain")]
    public async Task A_message_over_the_limit_is_passed_over_and_those_around_it_are_read(string form)
    {
        var large = new string('x', 999) + "\n";
        var file = Reading.Bytes(Reading.Mbox(_first, large, large + "x\n", _second));

        var items = await Reading.ReadAsync(
            form == "plain" ? file : Reading.Gzip(file),
            new MailFilesOptions { MessageBytesMax = 1000, ReadBufferBytes = 50 });

        Assert.Equal([_first, large, "", _second], items.Select(Reading.Text));
        Assert.Equal([null, null, MailProblemKind.TooLarge, null], items.Select(item => item.Problem?.Kind));
        Assert.Contains("1000 bytes", items[2].Problem!.Advice, StringComparison.Ordinal);
        Assert.Equal(3, items[2].Source.Ordinal);
    }

    [Fact]
    public async Task A_single_message_is_held_to_the_limit()
    {
        var mail = _first + new string('x', 10_000);
        var exact = new MailFilesOptions { MessageBytesMax = mail.Length, ReadBufferBytes = 1 };
        var less = exact with { MessageBytesMax = mail.Length - 1 };

        Assert.Null(Assert.Single(await Reading.ReadAsync(mail, exact)).Problem);
        var item = Assert.Single(await Reading.ReadAsync(mail, less));
        Assert.Equal((MailProblemKind.TooLarge, ""), (item.Problem?.Kind, Reading.Text(item)));
    }

    [Fact]
    public async Task A_message_over_the_limit_is_not_held_in_memory()
    {
        using var stream = new MemoryStream(Reading.Bytes(Reading.Mbox(new string('x', 32_000_000) + "\n", _second)));
        var options = new MailFilesOptions { MessageBytesMax = 100_000, ReadBufferBytes = 10_000 };
        var before = GC.GetAllocatedBytesForCurrentThread();

        var items = await MailFiles.Read(stream, "mail", options).ToListAsync();

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
        Assert.Equal([MailProblemKind.TooLarge, null], items.Select(item => item.Problem?.Kind));
    }

    [Fact]
    public async Task Reading_stops_when_it_is_cancelled()
    {
        using var stream = new MemoryStream(Reading.Bytes(Reading.Mbox(_first, _second)));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await MailFiles.Read(stream, "mail", cancellationToken: cancelled.Token).ToListAsync());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1_073_741_825, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 16_777_217)]
    public void An_option_outside_its_range_is_refused_at_once(int messageBytesMax, int readBufferBytes)
    {
        var options = new MailFilesOptions { MessageBytesMax = messageBytesMax, ReadBufferBytes = readBufferBytes };

        Assert.Throws<ArgumentOutOfRangeException>(() => MailFiles.Read("mail", options));
    }

    private sealed class FailingStream(byte[] bytes, int failAt) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position >= failAt
                ? throw new IOException("disk on fire")
                : base.ReadAsync(buffer[..(int)Math.Min(buffer.Length, failAt - Position)], cancellationToken);
    }
}
