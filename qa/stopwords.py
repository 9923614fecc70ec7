"""Words that carry no content of their own, so that sharing them with an article means nothing.

English only; other languages use the list their analyser brings along. Question words are among
them: "who" in a question says what is asked, not what is asked about.
"""

ENGLISH = frozenset(
    """
    a about above after again against all also although am among an and another any anybody anyone
    anything are as at be became because become been before being below between both but by came can
    come could did do does doing done down during each either else ever every for from get give given
    go goes got had happen happened happens has have having he her here hers herself him himself his
    how however i if in instead into is it its itself just know known let like made make many may me
    might mine more most much must my myself name neither no nor not now of off often on once one only
    onto or other others our ours ourselves out over own per please quite rather s said same say says
    shall she should since so some somebody someone something still such t take tell than that the
    their theirs them themselves then there these they thing things this those though through thus to
    too toward towards under until up upon us used using very via was we well went were what whatever
    when where whether which while who whoever whom whose why will with within without would yes yet
    you your yours yourself yourselves
    """.split()  # noqa: SIM905
)
