using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EmailTracking.Client;

/// <summary>Which cluster to connect to, and how long to be patient with it.</summary>
public sealed class EmailTrackingClientOptions
{
    /// <summary>The environment variable that names the gateways: host:port, separated by commas.</summary>
    public const string GatewaysVariable = "EMAILTRACKING_GATEWAYS";

    /// <summary>Where a cluster on the same machine listens.</summary>
    public const string DefaultGateway = "127.0.0.1:30000";

    /// <summary>The gateways, each as host:port; 1 to 100. Default: <c>127.0.0.1:30000</c>.</summary>
    /// <remarks>A gateway trusts whoever reaches it: it belongs on loopback or a private network.</remarks>
    [MinLength(1)]
    [MaxLength(100)]
    [Gateways]
    public IReadOnlyList<string> Gateways { get; set; } = [DefaultGateway];

    /// <summary>The cluster's id. Default: <c>emailtracking</c>.</summary>
    [Required]
    [StringLength(150)]
    public string ClusterId { get; set; } = "emailtracking";

    /// <summary>The service's id. Default: <c>emailtracking</c>.</summary>
    [Required]
    [StringLength(150)]
    public string ServiceId { get; set; } = "emailtracking";

    /// <summary>The organization: 1 to 100 letters, digits, dots, dashes and underscores. Default: <c>default</c>.</summary>
    [Required]
    [RegularExpression("^[A-Za-z0-9._-]{1,100}$", ErrorMessage =
        "An organization has 1 to 100 letters, digits, dots, dashes and underscores.")]
    public string Organization { get; set; } = GrainKeys.DefaultOrganization;

    /// <summary>How long one call waits for its answer. Default: 15 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long connecting is tried. Default: 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a call that fails for the moment is repeated. Default: 60 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The defaults, with the gateways of <see cref="GatewaysVariable"/> when that is set.</summary>
    public static EmailTrackingClientOptions FromEnvironment()
    {
        var gateways = Gateway.Split(Environment.GetEnvironmentVariable(GatewaysVariable) ?? "");
        return gateways.Length == 0 ? new() : new() { Gateways = gateways };
    }

    /// <exception cref="OptionsValidationException">A value is outside its range; all such values are named.</exception>
    internal void Validate()
    {
        var result = new EmailTrackingClientOptionsValidator().Validate(null, this);
        if (result.Failed)
        {
            throw new OptionsValidationException(nameof(EmailTrackingClientOptions), GetType(), result.Failures);
        }
    }
}

/// <summary>Checks <see cref="EmailTrackingClientOptions"/> before a connection is tried.</summary>
[OptionsValidator]
public sealed partial class EmailTrackingClientOptionsValidator : IValidateOptions<EmailTrackingClientOptions>;

/// <summary>Every gateway is host:port.</summary>
internal sealed class GatewaysAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        (value as IReadOnlyList<string>)?.FirstOrDefault(gateway => !Gateway.TryParse(gateway, out _)) is { } wrong
            ? new ValidationResult($"'{wrong}' is no gateway. Give a host and a port such as {EmailTrackingClientOptions.DefaultGateway}.")
            : ValidationResult.Success;
}
