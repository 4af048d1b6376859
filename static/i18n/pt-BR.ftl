# Papo em português do Brasil. The server and the browser read this same file; en.ftl has the same keys.

app-name = Papo
lang-name = Português
lang-other-name = English
tagline = bate-papo das antigas :-)
skip-to-composer = Pular para a mensagem
skip-to-form = Pular para o formulário
noscript = A sala precisa de JavaScript para conversar ao vivo. Ligue o JavaScript neste site e recarregue a página.

## Signing in and registering

login-title = Entrar
login-lead = A sala já está aberta.
login-field = Usuário ou e-mail
login-submit = Entrar
login-busy = Entrando
login-no-account = Ainda não tem conta?
login-create-account = Criar conta
register-title = Criar conta
register-lead = Leva menos de um minuto.
register-submit = Criar conta e entrar
register-busy = Criando a conta
register-have-account = Já tem conta?
register-sign-in = Entrar
field-name = Nome
field-username = Usuário
field-email = E-mail
field-password = Senha
tip-username = Letras minúsculas, números, ponto, hífen e sublinhado.
tip-password = Pelo menos 8 caracteres.
password-show = Mostrar a senha
password-hide = Esconder a senha

## What is wrong with a field

field-required = Preencha este campo.
field-too-short = { $min ->
    [one] Use pelo menos { $min } caractere.
   *[other] Use pelo menos { $min } caracteres.
}
field-too-long = { $max ->
    [one] Use no máximo { $max } caractere.
   *[other] Use no máximo { $max } caracteres.
}
field-bad-characters = Há um caractere que não pode ser usado aqui.
field-bad-email = Esse e-mail não parece certo.
field-too-common = Essa senha é fácil de adivinhar. Escolha outra.
field-taken-username = Esse usuário já existe.
field-taken-email = Já existe uma conta com esse e-mail.

## What went wrong with a request, by code

problem-bad-credentials = Usuário ou senha não conferem.
problem-rate-limited = { $seconds ->
    [one] Muitas tentativas seguidas. Espere { $seconds } segundo.
   *[other] Muitas tentativas seguidas. Espere { $seconds } segundos.
}
problem-invalid = Confira os campos marcados.
problem-unauthenticated = Sua sessão acabou. Entre de novo.
problem-too-large = O arquivo é grande demais.
problem-forbidden = Você não pode fazer isso.
problem-not-found = Não encontramos o que você procura.
problem-busy = O servidor está ocupado. Tente de novo daqui a pouco.
problem-internal = Algo deu errado do nosso lado. Tente de novo.
problem-network = Não deu para falar com o servidor. Confira a conexão e tente de novo.

## Error pages

error-home = Voltar ao início
error-400-title = Não entendemos o pedido
error-400-text = O endereço ou o formulário veio incompleto. Volte e tente de novo.
error-403-title = Aqui não dá para entrar
error-403-text = Você não tem permissão para ver esta página.
error-404-title = Página não encontrada
error-404-text = O endereço mudou ou nunca existiu.
error-413-title = Grande demais
error-413-text = O que você enviou passa do tamanho permitido.
error-429-title = Calma lá
error-429-text = Foram muitos pedidos seguidos. Espere um pouco e tente de novo.
error-500-title = Algo quebrou por aqui
error-500-text = A falha foi nossa. Tente de novo daqui a pouco.
error-503-title = Voltamos já
error-503-text = O servidor está ocupado ou reiniciando. Tente de novo em alguns segundos.

## Rooms

rooms = Salas
rooms-list = Lista de salas
rooms-open = Abrir as salas
room-members = { $count ->
    [0] ninguém por aqui
    [one] { $count } pessoa agora
   *[other] { $count } pessoas agora
}
room-draft = Rascunho:
room-new = Nova sala
room-new-title = Criar uma sala
room-new-lead = Todo mundo do servidor pode entrar.
room-new-name = Nome da sala
room-new-tip = Até 40 letras, números, espaços, hífens e sublinhados.
room-new-submit = Criar sala
room-bad-title = Esta sala não pode ser aberta
room-bad-text = O nome tem um caractere que não pode ser usado.
room-first = Ir para { $room }

## People

people = Pessoas na sala
people-show = Mostrar as pessoas na sala
people-hide = Esconder as pessoas na sala
people-here = Na sala
person-you = você
person-typing = digitando…
person-guest = Convidado
profile-here = Em { $room } agora
profile-away = Fora desta sala
profile-username = Usuário
profile-email = E-mail
profile-no-email = não informado
profile-since = No Papo desde
profile-failed = Não deu para carregar o perfil.
profile-open = Ver o perfil de { $name }

## Messages

log = Mensagens de { $room }
log-loading = Carregando as mensagens
log-older = Carregando mensagens mais antigas
log-older-failed = Não deu para carregar as mensagens mais antigas.
log-start = Aqui começa a conversa
log-empty-title = Ninguém falou nada ainda
log-empty-text = Diga oi e comece o papo.
log-failed-title = Não deu para carregar
log-failed-text = A sala não respondeu.
day-today = Hoje
day-yesterday = Ontem
new-messages = { $count ->
    [one] { $count } mensagem nova
   *[other] { $count } mensagens novas
}
jump = Ir para o fim da conversa
jump-new = { $count ->
    [one] Ir para a mensagem nova
   *[other] Ir para as { $count } mensagens novas
}
sys-joined = → { $name } entrou na sala · { $time }
sys-left = ← { $name } saiu da sala · { $time }
sys-moved = ← { $name } foi para outra sala · { $time }
sys-disconnected = ← { $name } perdeu a conexão · { $time }
sys-kicked = ← { $name } foi removido da sala · { $time }
message-pending = Enviando
message-sent = Enviada
message-failed = Não enviada.
message-failed-why = Não enviada: { $why }
message-retry = Tentar de novo
message-delete = Apagar
message-images = { $count ->
    [one] { $count } imagem
   *[other] { $count } imagens
}
message-files = { $count ->
    [one] { $count } arquivo
   *[other] { $count } arquivos
}
announce-message = { $name }: { $text }
announce-many = { $count ->
    [one] { $count } mensagem nova
   *[other] { $count } mensagens novas
}
why-no-answer = o servidor não respondeu a tempo
why-too-long = o texto é longo demais
why-upload = um anexo não está mais disponível
why-refused = o servidor recusou a mensagem

## Typing

typing-one = { $a } está digitando…
typing-two = { $a } e { $b } estão digitando…
typing-three = { $a }, { $b } e { $c } estão digitando…
typing-many = { $count ->
    [one] { $a }, { $b } e mais { $count } pessoa estão digitando…
   *[other] { $a }, { $b } e mais { $count } pessoas estão digitando…
}

## Writing and attaching

composer = Escrever mensagem
composer-label = Mensagem para { $room }
composer-placeholder = Escreva uma mensagem
composer-send = Enviar
composer-waiting = Enviando os anexos
composer-wait-cancel = Esperar antes de enviar
composer-left = { $count ->
    [one] Resta { $count } caractere
   *[other] Restam { $count } caracteres
}
composer-over = { $count ->
    [one] Passou { $count } caractere do limite
   *[other] Passou { $count } caracteres do limite
}
attach = Anexar arquivos
attachments = Anexos
attach-drop = Solte aqui para anexar
attach-queued = Na fila
attach-progress = { $sent } de { $total }
attach-ready = { $size } · pronto
attach-too-large = Passa do limite de { $size }
attach-too-many = { $count ->
    [one] Só cabe { $count } anexo por mensagem.
   *[other] Só cabem { $count } anexos por mensagem.
}
attach-failed = Não enviado.
attach-retry = Tentar de novo
attach-sending = Enviando { $name }
attach-cancel = Cancelar o envio de { $name }
attach-remove = Remover { $name }
file-download = Baixar { $name }
image-open = Abrir a imagem { $name }
image-failed = imagem indisponível
kind-pdf = PDF
kind-archive = compactado
kind-document = documento
kind-sheet = planilha
kind-slides = apresentação
kind-audio = áudio
kind-video = vídeo
kind-image = imagem
kind-text = texto
kind-code = código
kind-other = arquivo

## Looking at an image

lightbox = Imagem
lightbox-position = { $index } de { $count }
lightbox-previous = Imagem anterior
lightbox-next = Próxima imagem
lightbox-download = Baixar

## Connection and session

offline = Sem conexão. Suas mensagens saem assim que voltar.
offline-retry = Tentar agora
connecting = Conectando…
restarting = O servidor está reiniciando. Voltamos em instantes.
moved = Você abriu { $room } em outra aba.
moved-here = Usar aqui
kicked = Você foi removido do servidor.
too-many-tabs = Há abas demais abertas nesta conta. Feche uma delas.
outdated = O Papo mudou. Recarregue a página para continuar.
reload = Recarregar
rate-limited = { $seconds ->
    [one] Muitas mensagens seguidas. Esta sai em { $seconds } segundo.
   *[other] Muitas mensagens seguidas. Esta sai em { $seconds } segundos.
}
session-over-title = Sua sessão acabou
session-over-text = Entre de novo para continuar. O que você estava escrevendo ficou guardado.
session-over-action = Entrar
sign-out = Sair
sign-out-failed = Não deu para sair. Tente de novo.

## Preferences

preferences = Preferências
pref-language = Idioma
pref-theme = Tema
pref-theme-system = Sistema
pref-theme-light = Claro
pref-theme-dark = Escuro

## Dialogs

close = Fechar
cancel = Cancelar
ok = OK
try-again = Tentar de novo
