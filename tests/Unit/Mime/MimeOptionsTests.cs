using EmailTracking.Silo.Mime;

namespace EmailTracking.Tests.Unit.Mime;

public sealed class MimeOptionsTests
{
    [Fact]
    public void The_defaults_are_valid()
    {
        Assert.True(new MimeOptionsValidator().Validate(null, new MimeOptions()).Succeeded);
    }

    [Fact]
    public void A_setting_out_of_bounds_is_refused_by_name()
    {
        var result = new MimeOptionsValidator().Validate(null, new MimeOptions { MimeDepthMax = 0 });

        Assert.True(result.Failed);
        Assert.Contains(nameof(MimeOptions.MimeDepthMax), result.FailureMessage, StringComparison.Ordinal);
    }
}
