using EmailTracking.Connectors;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace EmailTracking.Tests.Unit.Mailboxes;

public sealed class MailServerExceptionTests
{
    [Fact]
    public void What_a_server_said_crosses_the_wire_as_what_it_is_without_what_lies_below_it()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        var problem = new MailServerException(ServerProblemKind.SignIn, "It is refused.", "Check it.", new OfNoCodec("Below."));

        Assert.Throws<CodecNotFoundException>(() => serializer.SerializeToArray<Exception>(problem));
        var sent = serializer.SerializeToArray<Exception>(problem.WithoutCause());
        var read = Assert.IsType<MailServerException>(serializer.Deserialize<Exception>(sent));

        Assert.Equal((ServerProblemKind.SignIn, "It is refused.", "Check it.", false), (read.Kind, read.Message, read.NextStep, read.IsTransient));
    }

    /// <summary>Stands for an exception of a package that only the silo has.</summary>
    private sealed class OfNoCodec(string message) : Exception(message);
}
