using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Tracking;

public sealed class MessageKeyTests
{
    [Fact]
    public void Kinds_never_meet_and_parts_do_not_run_together()
    {
        Assert.True(MessageId.TryParse("<a@b>", out var id));
        MessageKey[] keys =
        [
            MessageKey.Of(id),
            MessageKey.OfHeaders("a@b", [], null, ""),
            MessageKey.OfHeaders("a@b", [], DateTimeOffset.UnixEpoch, ""),
            MessageKey.OfHeaders("", ["a@b"], null, ""),
            MessageKey.OfHeaders("", [], null, "a@b"),
            MessageKey.OfHeaders("", ["a@b", "c"], null, ""),
            MessageKey.OfVariant(MessageKey.Of(id), "a@b", null, ""),
            MessageKey.OfVariant(MessageKey.Of(id), "", null, "a@b"),
            MessageKey.OfVariant(MessageKey.Of(id), "", DateTimeOffset.UnixEpoch, "a@b"),
            MessageKey.OfThreadIndex(new byte[22]),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    [Fact]
    public void The_key_of_an_id_is_storage_format()    // SHA-256 of "2:id3:a@b".
    {
        Assert.True(MessageId.TryParse("<a@b>", out var id));
        Assert.Equal("0c3f6fe0a5789afd90aa16668c27ef87", MessageKey.Of(id).ToString());
    }

    [Fact]
    public void Bytes_and_text_read_back_and_sort_as_keys_do()
    {
        MessageKey[] keys = [.. Enumerable.Range(0, 50).Select(i => An.Email($"m{i}").Key)];
        Assert.Equal(keys, keys.Select(key => MessageKey.FromBytes(key.ToBytes())));
        Assert.All(keys, key => Assert.True(MessageKey.TryParse(key.ToString(), out var read) && read == key));
        Assert.Equal(keys.Order(), keys.OrderBy(key => Convert.ToHexString(key.ToBytes()), StringComparer.Ordinal));
        Assert.Equal(keys.Order(), keys.OrderBy(key => key.ToString(), StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcde")]
    [InlineData("0123456789abcdef0123456789abcdeg")]
    public void Other_text_is_no_key(string? text) => Assert.False(MessageKey.TryParse(text, out _));

    [Fact]
    public void Other_counts_of_bytes_are_no_key() => Assert.Throws<ArgumentException>(() => MessageKey.FromBytes(new byte[15]));
}
