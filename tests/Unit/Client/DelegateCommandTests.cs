namespace EmailTracking.Tests.Unit.Client;

public sealed class DelegateCommandTests
{
    [Fact]
    public async Task Delegates_of_a_mailbox_are_added_listed_and_removed()
    {
        var cluster = new FakeCluster();
        var user = Guid.NewGuid();
        var added = await Shell.RunAsync(cluster, "mailbox", "delegate", "ana@contoso.com", "--add", $"{user}", "--by", "Ana");
        Assert.Contains($"{user}", added.Output, StringComparison.Ordinal);
        Assert.Equal("Ana", Assert.Single(cluster.Access.Delegates).AddedBy);
        var removed = await Shell.RunAsync(cluster, "mailbox", "delegate", "ana@contoso.com", "--remove", $"{user}");
        Assert.Contains("has no delegates", removed.Output, StringComparison.Ordinal);
        var again = await Shell.RunAsync(cluster, "mailbox", "delegate", "ana@contoso.com", "--remove", $"{user}");
        Assert.Equal((1, true), (again.Code, again.Errors.Contains("is no delegate", StringComparison.Ordinal)));
    }
}
