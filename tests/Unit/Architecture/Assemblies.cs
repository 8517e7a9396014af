using System.Reflection;

namespace EmailTracking.Tests.Unit.Architecture;

/// <summary>The product's assemblies, as far as they lie beside the tests.</summary>
internal static class Assemblies
{
    public static Assembly Grains { get; } = typeof(GrainKeys).Assembly;

    /// <summary>Those that have settings.</summary>
    public static IEnumerable<Assembly> WithOptions => [Grains, .. Beside("EmailTracking.Silo")];

    /// <summary>Types that people wrote.</summary>
    public static IEnumerable<Type> WrittenTypes(Assembly assembly) => assembly.GetTypes().Where(type =>
        type.FullName?.StartsWith("EmailTracking.", StringComparison.Ordinal) == true &&
        !type.FullName.Contains('<', StringComparison.Ordinal));

    private static IEnumerable<Assembly> Beside(string name)
    {
        var file = Path.Combine(AppContext.BaseDirectory, name + ".dll");
        return File.Exists(file) ? [Assembly.LoadFrom(file)] : [];
    }
}
