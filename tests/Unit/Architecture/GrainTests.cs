using System.Reflection;

namespace EmailTracking.Tests.Unit.Architecture;

/// <summary>Wire names outlive renames, and every call can be given up.</summary>
public sealed class GrainTests
{
    private static readonly Type[] Interfaces =
        [.. Assemblies.WrittenTypes(Assemblies.Grains).Where(type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type))];

    private static readonly Type[] Grains =
        [.. Assemblies.WrittenTypes(Assemblies.Grains).Where(type => type is { IsClass: true, IsAbstract: false } && typeof(IGrainBase).IsAssignableFrom(type))];

    private static IEnumerable<MethodInfo> Methods => Interfaces.SelectMany(type => type.GetMethods());

    private static readonly string[] IoPackages = ["Npgsql", "MimeKit", "MailKit", "Sqlite", "SQLite", "AdoNet", "Dapper", "System.Data"];

    [Fact]
    public void Grains_know_no_package_that_reads_or_writes() => Assert.DoesNotContain(
        Assemblies.Grains.GetReferencedAssemblies(),
        name => IoPackages.Any(package => name.Name!.Contains(package, StringComparison.Ordinal)));

    [Fact]
    public void Every_grain_interface_has_a_wire_name_of_its_own()
    {
        Assert.NotEmpty(Interfaces);
        Assert.DoesNotContain(Interfaces, type => !type.IsDefined(typeof(GrainInterfaceTypeAttribute)));
        AssertDistinct(Interfaces.Select(type => NameOf<GrainInterfaceTypeAttribute>(type)));
    }

    [Fact]
    public void Every_grain_has_a_wire_name_of_its_own()
    {
        Assert.NotEmpty(Grains);
        Assert.DoesNotContain(Grains, type => !type.IsDefined(typeof(GrainTypeAttribute)));
        AssertDistinct(Grains.Select(type => NameOf<GrainTypeAttribute>(type)));
    }

    [Fact]
    public void Every_grain_method_takes_a_cancellation_token_last()
    {
        Assert.NotEmpty(Methods);
        Assert.Empty(Methods
            .Where(method => method.GetParameters() is not [.., { ParameterType: var last }] || last != typeof(CancellationToken))
            .Select(Name));
    }

    [Fact]
    public void Every_grain_method_has_an_alias_of_its_own()
    {
        Assert.Empty(Methods.Where(method => method.GetCustomAttribute<AliasAttribute>() is null).Select(Name));
        Assert.All(Interfaces, type => AssertDistinct(type.GetMethods().Select(method => method.GetCustomAttribute<AliasAttribute>()!.Alias)));
    }

    [Fact]
    public void Every_persistent_state_has_a_name_of_its_own()
    {
        var names = Grains
            .SelectMany(type => type.GetConstructors())
            .SelectMany(constructor => constructor.GetParameters())
            .Select(parameter => parameter.GetCustomAttribute<PersistentStateAttribute>())
            .OfType<PersistentStateAttribute>()
            .Select(state => state.StateName)
            .ToArray();
        Assert.NotEmpty(names);
        AssertDistinct(names);
    }

    [Fact]
    public void Every_message_has_an_alias_of_its_own()
    {
        var messages = Assemblies.WrittenTypes(Assemblies.Grains)
            .Where(type => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false)).ToArray();
        Assert.DoesNotContain(messages, type => type.GetCustomAttribute<AliasAttribute>(inherit: false) is null);
        AssertDistinct(messages.Select(type => type.GetCustomAttribute<AliasAttribute>(inherit: false)!.Alias));
    }

    private static string Name(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    private static string NameOf<T>(Type type) => (string)type.GetCustomAttributesData()
        .Single(data => data.AttributeType == typeof(T)).ConstructorArguments[0].Value!;

    private static void AssertDistinct(IEnumerable<string> names) =>
        Assert.Empty(names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key));
}
