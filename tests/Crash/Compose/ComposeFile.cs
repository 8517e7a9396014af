using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace EmailTracking.Tests.Crash.Compose;

/// <summary>A service as the file describes it.</summary>
internal sealed record ComposeService(
    string[] Entrypoint, string[] Command, IReadOnlyDictionary<string, string> Environment, ComposeHealthcheck? Healthcheck, string[] Volumes);

/// <summary>The command by which a service says that it is well, and how often it may fail.</summary>
internal sealed record ComposeHealthcheck(string[] Test, int Retries);

/// <summary>As much of a Compose file as says how its services are run.</summary>
internal sealed partial class ComposeFile
{
    private readonly Dictionary<object, object> _services;

    private ComposeFile(Dictionary<object, object> services) => _services = services;

    public static ComposeFile Read(string path, IReadOnlyDictionary<string, string> variables)
    {
        var text = Variable().Replace(File.ReadAllText(path), match =>
            variables.TryGetValue(match.Groups["name"].Value, out var value) ? value
            : match.Groups["default"].Success ? match.Groups["default"].Value
            : throw new KeyNotFoundException(match.Value));
        var file = new DeserializerBuilder().Build()
            .Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(new StringReader(text))));
        return new ComposeFile(Map(file["services"]));
    }

    public ComposeService this[string name]
    {
        get
        {
            var service = Map(_services[name]);
            return new ComposeService(
                List(service, "entrypoint"),
                List(service, "command"),
                service.TryGetValue("environment", out var environment)
                    ? Map(environment).ToDictionary(one => (string)one.Key, one => (string)one.Value)
                    : new Dictionary<string, string>(),
                service.TryGetValue("healthcheck", out var check)
                    ? new ComposeHealthcheck(List(Map(check), "test"), int.Parse((string)Map(check)["retries"], CultureInfo.InvariantCulture))
                    : null,
                List(service, "volumes"));
        }
    }

    // ${NAME}, ${NAME:-default}, ${NAME:?message}
    [GeneratedRegex(@"\$\{(?<name>\w+)(:-(?<default>[^}]*)|:\?[^}]*)?\}")]
    private static partial Regex Variable();

    private static Dictionary<object, object> Map(object value) => (Dictionary<object, object>)value;

    private static string[] List(Dictionary<object, object> map, string key) =>
        map.TryGetValue(key, out var value) ? [.. ((List<object>)value).Cast<string>()] : [];
}
