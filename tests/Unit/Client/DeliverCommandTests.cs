using EmailTracking.Client;
using EmailTracking.Intake;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Unit.Client;

/// <summary>What a mail server is told when it hands a message to us.</summary>
public sealed class DeliverCommandTests
{
    private static readonly string[] Args = ["deliver", "--mailbox", "ana@contoso.com"];

    private readonly FakeCluster _cluster = new();

    public DeliverCommandTests() =>
        _cluster.Mailboxes[Rows.Address("ana@contoso.com")] = new(Rows.Address("ana@contoso.com"), null, false, FilterMethod.All, []);

    [Theory]
    [InlineData(Outcome.Tracked,  ReasonCode.AcceptAll,        0)]
    [InlineData(Outcome.Skipped,  ReasonCode.NeverTracked,     0)]
    [InlineData(Outcome.Waiting,  ReasonCode.WaitsForParent,   0)]
    [InlineData(Outcome.Deferred, ReasonCode.Contended,        0)]
    [InlineData(Outcome.Failed,   ReasonCode.NotMail,          65)]
    [InlineData(Outcome.Failed,   ReasonCode.TooLarge,         65)]
    [InlineData(Outcome.Failed,   ReasonCode.Poison,           65)]
    [InlineData(Outcome.Failed,   ReasonCode.Unknown,          75)]
    public async Task The_exit_code_says_what_to_do_with_the_message(Outcome outcome, ReasonCode reason, int code)
    {
        _cluster.Answer = (_, _) => Task.FromResult(FakeCluster.Answered(outcome, reason, problem: "Look\nat it."));

        var ran = await Shell.PipeAsync(_cluster, new MemoryStream("Subject: a\r\n\r\nb"u8.ToArray()), Args);

        Assert.Equal(code, ran.Code);
        Assert.Single((ran.Output + ran.Errors).Trim().Split('\n'));
    }

    [Fact]
    public async Task The_message_is_delivered_as_it_came_into_the_folder_under_the_name_that_was_given()
    {
        byte[] mail = [.. "Subject: a\r\n\r\n"u8, .. Enumerable.Repeat((byte)'x', 3 * 1024 * 1024)];

        var ran = await Shell.PipeAsync(
            _cluster, new MemoryStream(mail), [.. Args, "--folder", "Sent Items", "--operation", "op-1"]);

        var (delivery, content) = Assert.Single(_cluster.Delivered);
        Assert.Equal(0, ran.Code);
        Assert.Equal(("ana@contoso.com", "Sent Items", "op-1", false), (delivery.Mailbox, delivery.Folder, delivery.OperationId, delivery.IsBackfill));
        Assert.NotNull(delivery.ReceivedOn);
        Assert.Equal(mail, content);
    }

    [Theory]
    [InlineData("bo@contoso.com", 67)]
    [InlineData("nobody",         67)]
    [InlineData("ana@contoso.com", 65)]
    public async Task A_refusal_tells_an_unknown_mailbox_from_a_wrong_message(string mailbox, int code)
    {
        _cluster.Answer = (_, _) => throw new DeliveryException("It is refused.");

        Assert.Equal(code, (await Shell.PipeAsync(_cluster, new MemoryStream(), "deliver", "--mailbox", mailbox)).Code);
    }

    [Fact]
    public async Task A_message_that_is_too_large_can_never_work()
    {
        var ran = await Shell.PipeAsync(_cluster, new Endless(), Args);

        Assert.Equal(65, ran.Code);
        Assert.Empty(_cluster.Delivered);
    }

    [Fact]
    public async Task Whatever_else_goes_wrong_is_to_be_tried_again()
    {
        _cluster.Answer = (_, _) => throw new InvalidOperationException("A bug.");
        Assert.Equal(75, (await Shell.PipeAsync(_cluster, new MemoryStream(), Args)).Code);

        _cluster.Answer = (_, _) => throw new TimeoutException();
        Assert.Equal(75, (await Shell.PipeAsync(_cluster, new MemoryStream(), Args)).Code);

        Assert.Equal(75, (await Shell.PipeAsync(_cluster, new Broken(), Args)).Code);
        Assert.Equal(75, (await Shell.RunAsync((_, _) => throw new ClusterUnreachableException("Away."), CancellationToken.None, Args)).Code);

        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        Assert.Equal(75, (await Shell.RunAsync((_, token) => Task.FromCanceled<EmailTrackingClient>(token), stop.Token, Args)).Code);
    }

    /// <summary>A message without an end.</summary>
    private sealed class Endless : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(buffer.Length);
    }

    /// <summary>A pipe that breaks.</summary>
    private sealed class Broken : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromException<int>(new IOException("The pipe broke."));
    }
}
