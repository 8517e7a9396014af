using System.Reflection;
using System.Runtime.CompilerServices;

namespace EmailTracking.Tests.Unit.Architecture;

/// <summary>The core is values in, values out; what it needs from outside is handed in.</summary>
public sealed class CoreTests
{
    private const string Core = "EmailTracking.Tracking";

    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // The runtime's own, and the attributes of Orleans' serialization.
    private static readonly string[] Allowed = ["System.", "Microsoft.CodeAnalysis.", "Orleans.Serialization"];

    private static readonly string[] Forbidden =
        ["System.Threading.Tasks", "System.IO", "System.Net", "System.Data", "System.Diagnostics.Process", "System.TimeProvider", "System.Random"];

    private static IEnumerable<Type> CoreTypes => Assemblies.Grains.GetTypes().Where(type =>
        type.Namespace is { } name && (name == Core || name.StartsWith(Core + '.', StringComparison.Ordinal)));

    [Fact]
    public void The_core_is_found() => Assert.True(CoreTypes.Count(type => !type.IsNested) > 40);

    [Fact]
    public void The_core_names_only_itself_the_system_and_serialization() => Assert.Empty(
        from type in CoreTypes
        from one in Named(type).SelectMany(Parts).Distinct()
        where !IsAllowed(one)
        select $"{type.FullName} names {one.FullName}");

    private static bool IsAllowed(Type type)
    {
        var name = type.FullName ?? type.Name;
        return !Forbidden.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) &&
            (name.StartsWith(Core + '.', StringComparison.Ordinal) ||
                Allowed.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) ||
                (type.Assembly == Assemblies.Grains && type.IsDefined(typeof(CompilerGeneratedAttribute))) ||
                name.StartsWith('<'));
    }

    private static IEnumerable<Type> Named(Type type)
    {
        IEnumerable<Type?> named =
        [
            type.BaseType,
            .. type.GetInterfaces(),
            .. type.GetFields(All).Select(field => field.FieldType),
            .. type.GetProperties(All).Select(property => property.PropertyType),
            .. type.GetMethods(All).Where(method => method.DeclaringType == type).SelectMany(Named),
            .. type.GetConstructors(All).SelectMany(Named),
        ];
        return named.OfType<Type>();
    }

    private static IEnumerable<Type> Named(MethodBase method) =>
    [
        .. method is MethodInfo { ReturnType: var result } ? [result] : Type.EmptyTypes,
        .. method.GetParameters().Select(parameter => parameter.ParameterType),
        .. method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [],
    ];

    private static IEnumerable<Type> Parts(Type type) => type switch
    {
        { HasElementType: true } => Parts(type.GetElementType()!),
        { IsGenericParameter: true } => [],
        { IsGenericType: true } => type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()),
        _ => [type],
    };
}
