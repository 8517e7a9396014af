namespace EmailTracking.Imports;

/// <summary>Keeps the position of one import: cold state, only this grain needs it.</summary>
[GrainType("import")]
public sealed class ImportGrain([PersistentState("import", "cold")] IPersistentState<ImportState> state) : Grain, IImportGrain
{
    /// <inheritdoc/>
    public Task<ImportPosition?> ReadPositionAsync(CancellationToken cancellationToken) => Task.FromResult(state.State.Position);

    /// <inheritdoc/>
    public Task SavePositionAsync(ImportPosition? position, CancellationToken cancellationToken)
    {
        state.State.Position = position;
        return position is null ? state.ClearStateAsync(cancellationToken) : state.WriteStateAsync(cancellationToken);
    }
}

/// <summary>What the store keeps of an import. The names are storage format.</summary>
[GenerateSerializer, Alias("ImportState")]
public sealed class ImportState
{
    /// <summary>Where it goes on.</summary>
    [Id(0)]
    public ImportPosition? Position { get; set; }
}
