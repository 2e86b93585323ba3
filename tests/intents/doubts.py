"""The rules for messages that could mean two things, each in several wordings."""

from __future__ import annotations

from collections.abc import Sequence

from domain.intents.models import Intent

DOUBTS: Sequence[tuple[Intent, Sequence[str]]] = [
    # Never had the access.
    (
        Intent.REQUEST,
        [
            "ik heb nog geen toegang tot de map van de milieudienst",
            "onze nieuwe collega kan nog niet in het dossiersysteem, er zijn geen rechten aangevraagd",
            "ik begin maandag bij sport en heb toegang nodig tot hun documenten",
            "i have never had access to the archive folder, could i get it",
            "je n'ai pas encore accès au dossier des subsides",
        ],
    ),
    # Had it and lost it.
    (
        Intent.INCIDENT,
        [
            "ik kan ineens niet meer aan de map van de milieudienst",
            "vorige week had ik nog toegang tot het dossiersysteem, nu niet meer",
            "sinds gisteren ben ik al mijn rechten op die site kwijt",
            "i used to have access to the archive folder but since monday i can't get in any more",
            "depuis hier je n'ai plus accès au dossier des subsides",
        ],
    ),
    # A forgotten password or pin.
    (
        Intent.REQUEST,
        [
            "paswoord vergeten",
            "ik ben mijn wachtwoord van de computer vergeten",
            "kan niet inloggen, wachtwoord vergeten tijdens de vakantie",
            "de pincode van mijn gsm ben ik vergeten",
            "i forgot the pin of my phone",
            "j'ai oublié mon mot de passe",
        ],
    ),
    # Deleted it myself: a tip tells how to get it back.
    (
        Intent.QUESTION,
        [
            "ik heb zelf een document verwijderd, hoe krijg ik dat terug",
            "per ongeluk een map gewist, kan ik die terughalen?",
            "oeps, bestand weggegooid, hoe haal ik het terug",
            "i deleted a document myself, how do i get it back",
            "j'ai supprimé un document moi-même, comment le récupérer",
        ],
    ),
    # Stolen, broken, clicked.
    (
        Intent.INCIDENT,
        [
            "mijn tablet is gestolen",
            "iemand heeft mijn diensttelefoon gepikt op de trein",
            "het scherm van mijn laptop is gebroken",
            "ik heb op een link in een phishingmail geklikt",
            "my work laptop was stolen last night",
            "j'ai cliqué sur un lien de phishing",
        ],
    ),
    # A mailbox is a catalogue item, whatever it is for.
    (
        Intent.REQUEST,
        [
            "we willen een mailbox voor het project groene daken",
            "graag een gedeeld mailadres voor ons project",
            "kan het project een eigen postvak krijgen",
            "a mailbox for our project please",
            "une boîte mail pour notre projet",
        ],
    ),
    # A site that is down is not a site that is wanted.
    (
        Intent.INCIDENT,
        [
            "de site van onze dienst is down",
            "onze teamsite doet het niet meer",
            "projectsite onbereikbaar sinds vanmorgen",
            "our project site is not loading",
            "notre site d'équipe ne fonctionne plus",
        ],
    ),
]
