using EmailTracking.Tests.Crash.Host;

// crash-host silo <state file> <lose every> <arguments of the silo>
// crash-host client <gateways> <seed> <log file>
return args switch
{
    ["silo", var state, var loseEvery, .. var rest] => PointedSilo.Run(state, loseEvery, rest),
    ["client", var gateways, var seed, var log] => await CrashClient.RunAsync(gateways, seed, log),
    _ => 2,
};
