using EmailTracking.Client;
using EmailTracking.Intake;
using EmailTracking.Mailboxes;
using EmailTracking.Tracking.Deciding;
using Microsoft.Extensions.Options;

namespace EmailTracking.Tests.Unit.Client;

public sealed class DeliveryTests
{
    private readonly FakeCluster _cluster = new();

    public static TheoryData<Exception> Passing =>
    [
        new TimeoutException(),
        new SiloUnavailableException(),
        new MailboxBusyException("default/m:ana@contoso.com", 4096),
        new InvalidOperationException("outer", new TimeoutException()),
    ];

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task What_fails_for_the_moment_is_sent_again_with_the_same_operation_id(Exception trouble)
    {
        _cluster.Answer = (call, _) => call < 3
            ? Task.FromException<DeliveryAnswer>(trouble)
            : Task.FromResult(FakeCluster.Answered(Outcome.Tracked, ReasonCode.AcceptAll));

        var answer = await DeliverAsync(_cluster.Client(), 10);

        Assert.Equal(Outcome.Tracked, answer.Outcome);
        Assert.Equal(["op-1", "op-1", "op-1"], _cluster.Delivered.Select(one => one.Delivery.OperationId));
    }

    [Fact]
    public async Task A_wrong_call_is_not_repeated()
    {
        _cluster.Answer = (_, _) => throw new DeliveryException("There is no mailbox.");

        await Assert.ThrowsAsync<DeliveryException>(() => DeliverAsync(_cluster.Client(), 10));

        Assert.Single(_cluster.Delivered);
    }

    [Fact]
    public async Task Patience_ends()
    {
        var time = new SkippingTime();
        _cluster.Answer = (_, _) => throw new TimeoutException();

        var problem = await Assert.ThrowsAsync<ClusterUnreachableException>(() => DeliverAsync(_cluster.Client(time), 10));

        Assert.IsType<TimeoutException>(problem.InnerException);
        Assert.InRange(time.Elapsed, TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData(IIntakeGrain.PartBytesMax, 0)]
    [InlineData(IIntakeGrain.PartBytesMax + 1, 2)]
    [InlineData((3 * IIntakeGrain.PartBytesMax) - 1, 3)]
    public async Task A_large_message_goes_in_parts(int length, int parts)
    {
        await DeliverAsync(_cluster.Client(), length);

        Assert.Equal(parts, _cluster.Uploads.Count);
        Assert.Equal(Content(length), Assert.Single(_cluster.Delivered).Content);
    }

    [Fact]
    public async Task A_large_message_is_staged_again_under_the_same_name_when_its_answer_was_lost()
    {
        _cluster.Answer = (call, _) => call == 1
            ? Task.FromException<DeliveryAnswer>(new TimeoutException())
            : Task.FromResult(FakeCluster.Answered(Outcome.Tracked, ReasonCode.AcceptAll));

        var answer = await DeliverAsync(_cluster.Client(), IIntakeGrain.PartBytesMax + 1);

        Assert.Equal(Outcome.Tracked, answer.Outcome);
        Assert.Equal(4, _cluster.Uploads.Count);
        Assert.Single(_cluster.Uploads.Distinct());
    }

    [Fact]
    public async Task An_upload_is_named_by_its_content_too()
    {
        var client = _cluster.Client();
        await DeliverAsync(client, IIntakeGrain.PartBytesMax + 1);
        await DeliverAsync(client, IIntakeGrain.PartBytesMax + 2);

        Assert.Equal(2, _cluster.Uploads.Distinct().Count());
    }

    [Fact]
    public async Task A_message_above_the_limit_is_refused_before_anything_is_sent()
    {
        var stream = new EndlessStream();

        await Assert.ThrowsAsync<DeliveryException>(() => _cluster.Client().DeliverAsync("ana@contoso.com", "Inbox", stream));

        Assert.Empty(_cluster.Uploads);
    }

    [Fact]
    public async Task Raw_mail_is_read_part_by_part()
    {
        using var raw = await _cluster.Client().OpenRawAsync(Guid.Empty);

        Assert.Equal("Subject: a\r\n\r\nb", await new StreamReader(raw!).ReadToEndAsync());
    }

    [Theory]
    [InlineData("crm1")]
    [InlineData("crm1:0")]
    [InlineData("crm1:65536")]
    [InlineData("::1:30000")]
    [InlineData("")]
    public async Task A_gateway_is_a_host_and_a_port(string gateway)
    {
        var options = new EmailTrackingClientOptions { Gateways = [gateway] };

        await Assert.ThrowsAsync<OptionsValidationException>(() => EmailTrackingClient.ConnectAsync(options));
    }

    [Fact]
    public void An_organization_cannot_reach_into_the_keys_of_another() => Assert.Throws<OptionsValidationException>(() =>
        EmailTrackingClient.Over(_cluster, new EmailTrackingClientOptions { Organization = "default/m:x" }));

    private static Task<DeliveryAnswer> DeliverAsync(EmailTrackingClient client, int length) =>
        client.DeliverAsync("ana@contoso.com", "Inbox", new MemoryStream(Content(length)), "op-1");

    private static byte[] Content(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        return content;
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(buffer.Length);
    }
}
