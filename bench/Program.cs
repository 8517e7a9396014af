using System.CommandLine;
using EmailTracking.Bench.Commands;

var root = new RootCommand("Measures EmailTracking on this machine. A PostgreSQL server of its own is started and removed.")
{
    AllCommand.Create(),
    PipelineCommand.Create(),
    FloorCommand.Create(),
    GrowthCommand.Create(),
    RecordsCommand.Create(),
    ReadsCommand.Create(),
    ClientCommand.Create(),
};
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
