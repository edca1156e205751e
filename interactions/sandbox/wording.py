"""Texts the account itself sends: automatic messages, front desk menu, survey questions."""

from __future__ import annotations

LOCALES = {"en": "en-US", "fr": "fr-FR", "ar": "ar-SA", "de": "de-DE"}

AUTOMATIC: dict[str, dict[str, str]] = {
    "CONSUMER_OPEN_NEW_CONVERSATION": {
        "en": "Thanks for writing to Harbor & Pine. Someone will answer shortly.",
        "fr": "Merci de nous avoir écrit. Un conseiller vous répond dans un instant.",
        "ar": "شكراً لتواصلكم معنا. سيرد عليكم أحد زملائنا قريباً.",
        "de": "Danke für Ihre Nachricht. Gleich meldet sich jemand bei Ihnen.",
    },
    "YOU_ARE_CONNECTED_TO": {
        "en": "You are now connected to {agent name}.",
        "fr": "Vous êtes en relation avec {nom de l'agent}.",
        "ar": "أنت الآن على اتصال مع {اسم الموظف}.",
        "de": "Sie sind jetzt mit {Name des Mitarbeiters} verbunden.",
    },
    "ENGAGEMENT_TRANSFERED": {
        "en": "We are passing you on to a colleague who can help.",
        "fr": "Nous vous transférons à un collègue qui pourra vous aider.",
        "ar": "نقوم بتحويلكم إلى زميل يستطيع مساعدتكم.",
        "de": "Wir leiten Sie an eine Kollegin oder einen Kollegen weiter.",
    },
    "BACK_TO_QUEUE": {
        "en": "We are looking for the next free colleague.",
        "fr": "Nous cherchons le prochain conseiller disponible.",
        "ar": "نبحث عن أول زميل متاح.",
        "de": "Wir suchen die nächste freie Person im Team.",
    },
    "CONV_AWAITING_IN_QUEUE": {
        "en": "Many people are writing at the moment. Thank you for your patience.",
        "fr": "Nous recevons beaucoup de messages en ce moment. Merci de votre patience.",
        "ar": "لدينا ضغط كبير حالياً. شكراً لصبركم.",
        "de": "Im Moment schreiben uns sehr viele. Danke für Ihre Geduld.",
    },
    "AGENT_NON_RESPONSIVE": {
        "en": "Your conversation partner is busy with other requests. You may also try again later.",
        "fr": "Votre conseiller s'occupe d'autres demandes. Vous pouvez aussi revenir plus tard.",
        "ar": "الموظف مشغول بطلبات أخرى. يمكنكم أيضاً المحاولة لاحقاً.",
        "de": "Ihre Ansprechperson ist mit anderen Anfragen beschäftigt. Sie können es auch später versuchen.",
    },
    "AGENT_UPDATED_RESPONSE_TIME": {
        "en": "You will usually hear from us within a few minutes.",
        "fr": "Vous aurez en général une réponse en quelques minutes.",
        "ar": "ستصلكم الإجابة عادةً خلال بضع دقائق.",
        "de": "In der Regel hören Sie innerhalb weniger Minuten von uns.",
    },
    "CONSUMER_NON_RESPONSIVE": {
        "en": "Are you still there? This conversation closes soon if we don't hear from you.",
        "fr": "Êtes-vous toujours là ? Sans réponse, cette conversation sera bientôt fermée.",
        "ar": "هل ما زلت معنا؟ ستُغلق المحادثة قريباً إذا لم نسمع منك.",
        "de": "Sind Sie noch da? Ohne Antwort wird das Gespräch bald geschlossen.",
    },
    "SYSTEM_END_CONVERSATION": {
        "en": "This conversation was closed because nothing was written for a while.",
        "fr": "Cette conversation a été fermée faute de réponse.",
        "ar": "أُغلقت هذه المحادثة لعدم وجود رد.",
        "de": "Das Gespräch wurde geschlossen, weil länger nichts geschrieben wurde.",
    },
}
TIMERS = {"CONSUMER_NON_RESPONSIVE": "1800", "SYSTEM_END_CONVERSATION": "86400", "CONV_AWAITING_IN_QUEUE": "300"}

MENU = {
    "en": ["Delivery", "Returns", "Billing", "Something else"],
    "fr": ["Livraison", "Retour", "Facture", "Autre chose"],
    "ar": ["التوصيل", "الإرجاع", "الفاتورة", "شيء آخر"],
    "de": ["Lieferung", "Rückgabe", "Rechnung", "Etwas anderes"],
}
SURVEY = {
    "csat": {
        "en": "How satisfied are you, 1 to 5?",
        "fr": "Êtes-vous satisfait, de 1 à 5 ?",
        "ar": "ما مدى رضاك من 1 إلى 5؟",
        "de": "Wie zufrieden sind Sie, von 1 bis 5?",
    },
    "fcr": {
        "en": "Did we solve it?",
        "fr": "Avons-nous résolu votre demande ?",
        "ar": "هل حللنا مشكلتك؟",
        "de": "Konnten wir Ihr Anliegen lösen?",
    },
    "nps": {
        "en": "How likely are you to recommend us, 0 to 10?",
        "fr": "Nous recommanderiez-vous, de 0 à 10 ?",
        "ar": "ما احتمال أن توصي بنا، من 0 إلى 10؟",
        "de": "Würden Sie uns weiterempfehlen, 0 bis 10?",
    },
    "custom": {
        "en": "Anything else you would like to tell us?",
        "fr": "Souhaitez-vous ajouter quelque chose ?",
        "ar": "هل تود إضافة أي شيء؟",
        "de": "Möchten Sie uns noch etwas sagen?",
    },
}
YES_NO = {"en": ("Yes", "No"), "fr": ("Oui", "Non"), "ar": ("نعم", "لا"), "de": ("Ja", "Nein")}
GREETING = {"en": "Hello", "fr": "Bonjour", "ar": "مرحباً", "de": "Hallo"}
