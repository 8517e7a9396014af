using Microsoft.Extensions.Options;

namespace EmailTracking.Tests.Unit.Architecture;

public sealed class OptionsTests
{
    [Fact]
    public void Every_settings_class_is_checked_when_the_silo_starts()
    {
        var types = Assemblies.WithOptions.SelectMany(Assemblies.WrittenTypes)
            .Where(type => type is { IsClass: true, IsAbstract: false }).ToArray();
        // What people choose for their mailboxes is checked when they choose it.
        var settings = types
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && type != typeof(EmailTracking.Tracking.Deciding.PersonalOptions))
            .ToArray();
        var validated = types.SelectMany(type => type.GetInterfaces())
            .Where(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IValidateOptions<>))
            .Select(one => one.GetGenericArguments()[0])
            .ToHashSet();
        Assert.NotEmpty(settings);
        Assert.Empty(settings.Where(type => !validated.Contains(type)).Select(type => type.FullName));
    }
}
